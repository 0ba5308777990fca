/** A document whose operations have their answers, headers and parameters in place, and refer to schemas alone. */
export function inlineParts<T extends object>(document: T): T {
  const inline = (node: unknown): unknown => {
    if (typeof node !== 'object' || node === null) return node
    if (Array.isArray(node)) return node.map(inline)
    if ('$ref' in node && isPart(node.$ref)) return inline(at(document, node.$ref))
    return Object.fromEntries(Object.entries(node).map(([key, value]) => [key, inline(value)]))
  }
  return inline(document) as T
}

const isPart = (ref: unknown): ref is string =>
  typeof ref === 'string' && /^#\/components\/(?:responses|headers|parameters)\//.test(ref)

const at = (document: object, ref: string): unknown =>
  ref
    .split('/')
    .slice(1)
    .reduce<unknown>((node, key) => (node as Record<string, unknown>)[key], document)

export interface Example {
  /** A reference to the schema, as `documentValidator` takes it. */
  readonly schema: string
  readonly value: unknown
}

/** Finds what stands beside a `schema` (in a parameter, a body, an answer), and what a schema says of itself. */
export function* examplesBelow(node: unknown, pointer: string): Generator<Example> {
  if (typeof node !== 'object' || node === null) return
  const { schema, example, examples, default: standard } = node as Record<string, unknown>
  const fitting = schema === undefined ? pointer : `${pointer}/schema`
  const named = Array.isArray(examples) ? examples : Object.values(examples ?? {}).map(({ value }) => value as unknown)
  for (const value of [example, standard, ...named]) if (value !== undefined) yield { schema: fitting, value }
  for (const [key, child] of Object.entries(node))
    if (key !== 'example' && key !== 'examples') yield* examplesBelow(child, `${pointer}/${escaped(key)}`)
}

/** A key as a part of a JSON Pointer (RFC 6901 section 6) in a URI. */
const escaped = (key: string): string => encodeURIComponent(key.replaceAll('~', '~0').replaceAll('/', '~1'))

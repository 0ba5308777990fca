/**
 * The same document for tools that know no OpenAPI 3.1. In 3.0.3 a schema shows one example, nothing stands beside a
 * reference, and a licence has no identifier of SPDX; all else that the document has is in both.
 */
export function olderOpenApi(document: object): object {
  const older = JSON.parse(JSON.stringify(document), (_key, value: unknown) => asOlder(value)) as {
    readonly info: { readonly license: { readonly identifier?: string } }
  }
  const { identifier, ...license } = older.info.license
  const url = `https://spdx.org/licenses/${identifier ?? ''}.html`
  return { ...older, openapi: '3.0.3', info: { ...older.info, license: { ...license, url } } }
}

function asOlder(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value
  if ('$ref' in value) return { $ref: value.$ref }
  if (!('examples' in value) || !Array.isArray(value.examples)) return value
  const { examples, ...rest } = value
  return { ...rest, example: examples[0] as unknown }
}

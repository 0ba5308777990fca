import assert from 'node:assert/strict'
import { Ajv2020 } from 'ajv/dist/2020.js'
import ajvFormats from 'ajv-formats'
import type { InjectOptions } from 'fastify'
import type { App } from '../../src/app.js'
import { errors, type ErrorCode } from '../../schemas/errors.js'
import { formats } from '../../schemas/formats.js'
import { documentText } from '../../src/http/openapi.js'
import type { Answer } from './chat.js'
import { inlineParts } from './inline-parts.js'

interface Operation {
  readonly responses: Record<
    string,
    { readonly content?: Record<string, { readonly schema: { readonly $ref: string } }> }
  >
}

export interface Document {
  readonly paths: Record<string, Record<string, Operation>>
  readonly components: { readonly schemas: Record<string, object> }
}

/** Validates by a component of the published document. */
export function documentValidator(document: Document) {
  const ajv = new Ajv2020({ strict: false, allErrors: true })
  ajvFormats.default(ajv)
  for (const [name, check] of Object.entries(formats)) ajv.addFormat(name, (text: string) => check(text) === undefined)
  ajv.addSchema(closedObjects({ $id: 'document', components: document.components }) as object)
  return (ref: string, value: unknown): string | undefined => {
    const validate = ajv.getSchema(`document${ref}`)
    assert.ok(validate, `${ref} is a component`)
    return validate(value) === true ? undefined : ajv.errorsText(validate.errors)
  }
}

/** Answers are open in the contract, so that they may grow; what is tested must be written there today. */
function closedObjects(schema: unknown): unknown {
  // What this version does not know, this version does not say.
  if (Array.isArray(schema)) return schema.filter((branch) => !isUnknown(branch)).map(closedObjects)
  if (typeof schema !== 'object' || schema === null) return schema
  const copy = Object.fromEntries(Object.entries(schema).map(([key, value]) => [key, closedObjects(value)]))
  const isObject = 'properties' in schema && 'type' in schema
  return isObject ? { additionalProperties: false, ...copy } : copy
}

const isUnknown = (branch: unknown): boolean =>
  typeof branch === 'object' && branch !== null && '$ref' in branch && String(branch.$ref).endsWith('/UnknownEvent')

interface Contract {
  readonly document: Document
  readonly validate: ReturnType<typeof documentValidator>
}

/** By what they say: most apps say the same, and to compile it takes longer than most tests. */
const contracts = new Map<string, Contract>()
const contractsOfApps = new WeakMap<App, Contract>()

function contractOf(app: App): Contract {
  let contract = contractsOfApps.get(app)
  if (!contract) {
    const text = documentText(app)
    contract = contracts.get(text) ?? read(JSON.parse(text) as Document)
    contracts.set(text, contract)
    contractsOfApps.set(app, contract)
  }
  return contract
}

function read(published: Document): Contract {
  const document = inlineParts(published)
  return { document, validate: documentValidator(document) }
}

/** Holds an answer to what the document says of its operation: the shape, and that the failure is listed. */
export function checkContract(app: App, { method = 'GET', url }: InjectOptions, { status, body }: Answer): void {
  const { document, validate } = contractOf(app)
  const path = (url as string).split('?', 1)[0] ?? ''
  const operation = operationsAt(document, path)?.[method.toLowerCase()]
  if (status >= 400)
    assert.equal(
      errors[body['code'] as ErrorCode]?.status,
      status,
      `${String(body['code'])} is in the catalogue with status ${status}`,
    )
  if (!operation) return
  const response = operation.responses[status]
  assert.ok(response, `${method} ${path} lists ${status}: ${JSON.stringify(body)}`)
  const media = response.content?.['application/json'] as {
    schema: { $ref: string }
    examples?: Record<string, unknown>
  }
  if (status >= 400)
    assert.ok(
      media.examples && String(body['code']) in media.examples,
      `${method} ${path} lists ${String(body['code'])}`,
    )
  assert.equal(validate(media.schema.$ref, body), undefined, `${method} ${path} answers by its schema`)
}

/** What the document has at a path, of which parts may be parameters. */
function operationsAt({ paths }: Document, path: string): Record<string, Operation> | undefined {
  const isHere = (template: string) => new RegExp(`^${template.replaceAll(/\{\w+\}/g, '[^/]+')}$`).test(path)
  return paths[path] ?? Object.entries(paths).find(([template]) => isHere(template))?.[1]
}

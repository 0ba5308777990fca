import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { parse } from 'yaml'
import { errors, errorCodes, type ErrorCode } from '../schemas/errors.js'
import { components } from '../schemas/index.js'
import type { Settings } from '../schemas/settings.js'
import { buildApp } from '../src/app.js'
import { limitsOf, settingsFrom } from '../src/settings.js'
import { root, runBin } from './clients/run-bin.js'
import { documentValidator, type Document } from './support/contract.js'

interface Media {
  readonly schema: { readonly $ref: string }
  readonly examples?: Record<string, unknown>
}

interface Operation {
  readonly operationId?: string
  readonly summary?: string
  readonly description?: string
  readonly tags?: readonly string[]
  readonly security?: readonly Record<string, readonly string[]>[]
  readonly requestBody?: { readonly content: Record<string, Media> }
  readonly responses: Record<string, { readonly description: string; readonly content: Record<string, Media> }>
}

interface Published {
  readonly tags: readonly { readonly name: string }[]
  readonly paths: Record<string, Record<string, Operation>>
  readonly components: { readonly schemas: Record<string, object>; readonly securitySchemes: object }
}

/** What a server serves at the path, with the default settings but for these. */
async function served(t: Test, path: string, settings: Partial<Settings> = {}): Promise<string> {
  const app = await buildApp({ settings: { ...settingsFrom({ CHATROOM_DATA: ':memory:' }), ...settings } })
  t.teardown(() => app.close())
  return (await app.inject(path)).payload
}

const servedDocument = async (t: Test, settings: Partial<Settings>): Promise<Published> =>
  JSON.parse(await served(t, '/openapi.json', settings)) as Published

const committed = await readFile(join(root, 'openapi/openapi.json'), 'utf8')
const document = JSON.parse(committed) as Published
const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, operation]): [string, Operation] => [`${method} ${path}`, operation]),
)
const json = 'application/json'

void t.test('the committed document is the one that a server with default settings serves', async (t) => {
  // Not `equal`: its difference of two documents would hide what to do.
  t.ok((await served(t, '/openapi.json')) === committed, 'openapi/openapi.json is up to date; run `npm run openapi`')
})

void t.test('the document in YAML says the same as the one in JSON', async (t) => {
  t.same(parse(await served(t, '/openapi.yaml')), document)
})

void t.test('every example and every default fits its schema', (t) => {
  const found = [...examplesIn(document)]
  // Only components can be asked for by the validator, so the paths are put among them.
  const validate = documentValidator({
    paths: {},
    components: { ...document.components, paths: document.paths },
  } as Document)
  for (const { schema, value } of found)
    t.equal(validate(schema, value), undefined, `${JSON.stringify(value)} fits ${schema}`)
  t.ok(found.length > 100, 'the examples have been found')
  t.end()
})

void t.test('every body and every answer has an example', (t) => {
  for (const [name, { requestBody, responses }] of operations) {
    const media = [requestBody, ...Object.values(responses)].flatMap((part) => part?.content[json] ?? [])
    for (const { schema, examples } of media) {
      const component = document.components.schemas[schema.$ref.split('/').at(-1) ?? '']
      t.ok(examples ?? (component && 'examples' in component), `${name} shows what ${schema.$ref} is like`)
    }
  }
  t.end()
})

void t.test('every operation says what it is for, who may call it, and how it may end', (t) => {
  const tags = new Set(document.tags.map(({ name }) => name))
  for (const [name, operation] of operations) {
    for (const field of ['operationId', 'summary', 'description'] as const)
      t.match(operation[field], /\S/, `${name} has a ${field}`)
    t.ok(operation.tags?.length === 1 && tags.has(operation.tags[0] ?? ''), `${name} has one of the tags`)
    const schemes = (operation.security ?? [{ missing: [] }]).flatMap((one) => Object.keys(one))
    t.ok(
      schemes.every((scheme) => scheme in document.components.securitySchemes),
      `${name} says who may call it`,
    )
    const statuses = Object.keys(operation.responses)
    t.ok(
      statuses.some((status) => status.startsWith('2')),
      `${name} can succeed`,
    )
    t.ok(
      statuses.some((status) => !status.startsWith('2')),
      `${name} can fail`,
    )
    for (const { description } of Object.values(operation.responses))
      t.not(description, 'Default Response', `${name} says what its answers mean`)
  }
  t.end()
})

void t.test('every failure of an operation is in the catalogue, under its status', (t) => {
  t.match(document.components.schemas['ErrorCode'], { enum: errorCodes })
  for (const [name, { responses }] of operations) {
    for (const [status, { content }] of Object.entries(responses).filter(([status]) => !status.startsWith('2'))) {
      const codes = Object.keys(content[json]?.examples ?? {}) as ErrorCode[]
      t.ok(codes.length > 0, `${name} lists the codes of ${status}`)
      for (const code of codes) t.equal(String(errors[code]?.status), status, `${name} answers ${code}`)
    }
  }
  t.end()
})

void t.test('lists without repeats can be checked in one pass', (t) => {
  // Ajv compares each item with each other one unless their type stands beside them; a long list would stop the server.
  const lists = components(limitsOf(settingsFrom({}))).filter((schema) => 'uniqueItems' in schema)
  t.ok(lists.length > 0)
  for (const list of lists) t.match(list, { items: { type: 'string' } }, String(list.$id))
  t.end()
})

void t.test('operations have names that make good methods', (t) => {
  const names = operations.map(([, { operationId }]) => operationId)
  for (const name of names) t.match(name, /^[a-z]+([A-Z][a-z]+)*$/)
  t.equal(new Set(names).size, names.length, 'no name is used twice')
  t.end()
})

void t.test('components have names that make good types, and each is used', (t) => {
  const names = Object.keys(document.components.schemas)
  for (const name of names) t.match(name, /^([A-Z][a-z]+)+$/)
  const used = committed.matchAll(/"\$ref": "#\/components\/schemas\/([^"]+)"/g)
  t.same(new Set([...used].map(([, name]) => name)), new Set(names))
  t.end()
})

void t.test('a server with other limits publishes them', async (t) => {
  const { components } = await servedDocument(t, { CHATROOM_MESSAGE_LENGTH: 100, CHATROOM_ROOM_MEMBERS: 5 })
  t.match(components.schemas, { MessageText: { maxLength: 100 }, Participants: { maxItems: 5 } })
})

void t.test('a server that asks everybody for a token publishes that', async (t) => {
  const { paths } = await servedDocument(t, { CHATROOM_AUTH: 'token' })
  t.same(document.paths['/send']?.['post']?.security, [{ bearerAuth: [] }, {}])
  t.same(paths['/send']?.['post']?.security, [{ bearerAuth: [] }])
  t.same(paths['/register']?.['post']?.security, [])
})

void t.test('Redocly finds nothing in the document', async (t) => {
  const { code, stdout, output } = await runBin('@redocly/cli', 'redocly', ['lint', 'chatroom', '--format=json'])
  t.equal(code, 0, code === 0 ? 'it passes' : output)
  t.match(JSON.parse(stdout), { totals: { errors: 0, warnings: 0, ignored: 0 }, problems: [] })
})

void t.test('Spectral finds nothing in the document', async (t) => {
  const options = ['--ruleset=.spectral.yaml', '--format=json', '--fail-severity=hint', '--quiet']
  const lint = ['lint', 'openapi/openapi.json', ...options]
  const { code, stdout, output } = await runBin('@stoplight/spectral-cli', 'spectral', lint)
  t.equal(code, 0, code === 0 ? 'it passes' : output)
  t.same(JSON.parse(stdout), [])
})

interface Example {
  /** A reference to the schema, as {@link documentValidator} takes it. */
  readonly schema: string
  readonly value: unknown
}

/** Finds what stands beside a `schema` (in a parameter, a body, an answer), and what a schema says of itself. */
function* examplesIn({ components, paths }: Published): Generator<Example> {
  yield* examplesBelow({ schemas: components.schemas, paths }, '#/components')
}

function* examplesBelow(node: unknown, pointer: string): Generator<Example> {
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

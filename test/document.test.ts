import t, { type Test } from 'tap'
import { parse } from 'yaml'
import { errors, errorCodes, type ErrorCode } from '../schemas/errors.js'
import { components } from '../schemas/index.js'
import type { Settings } from '../schemas/settings.js'
import { buildApp } from '../src/app.js'
import { limitsOf, settingsFrom } from '../src/settings.js'
import { runBin } from './clients/run-bin.js'
import { documentValidator, type Document } from './support/contract.js'
import {
  committed,
  componentOf,
  document,
  live,
  type Operation,
  type Published,
  type PublishedLive,
} from './support/documents.js'
import { examplesBelow, type Example } from './support/examples.js'

/** What a server serves at the path, with the default settings but for these. */
async function served(t: Test, path: string, settings: Partial<Settings> = {}): Promise<string> {
  const app = await buildApp({ settings: { ...settingsFrom({ CHATROOM_DATA: ':memory:' }), ...settings } })
  t.teardown(() => app.close())
  return (await app.inject(path)).payload
}

const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, operation]): [string, Operation] => [`${method} ${path}`, operation]),
)
const json = 'application/json'

/** A WebSocket that is open has been answered 101 (RFC 6455 section 4.2.2). */
const isSuccess = (status: string): boolean => status === '101' || status.startsWith('2')

for (const name of ['openapi.json', 'openapi-3.0.json', 'asyncapi.json']) {
  void t.test(`the committed ${name} is the one that a server with default settings serves`, async (t) => {
    // Not `equal`: its difference of two documents would hide what to do.
    t.ok((await served(t, `/${name}`)) === (await committed(name)), `${name} is up to date; run \`npm run openapi\``)
  })
}

void t.test('the document in YAML says the same as the one in JSON', async (t) => {
  t.same(parse(await served(t, '/openapi.yaml')), JSON.parse(await committed('openapi.json')))
})

/** Validates what is found; only components can be asked for by the validator, so all else is put among them. */
function allFit(t: Test, parts: Record<string, unknown>, found: readonly Example[]): void {
  const validate = documentValidator({ paths: {}, components: parts } as unknown as Document)
  for (const { schema, value } of found)
    t.equal(validate(schema, value), undefined, `${JSON.stringify(value)} fits ${schema}`)
}

void t.test('every example and every default fits its schema', (t) => {
  const parts = { schemas: document.components.schemas, paths: document.paths }
  const found = [...examplesBelow(parts, '#/components')]
  allFit(t, parts, found)
  t.ok(found.length > 100, 'the examples have been found')
  t.end()
})

void t.test('every message of the live channels has examples, which fit it, and the name by which it is known', (t) => {
  const { schemas, messages } = live.components
  const parts = { schemas, channels: live.channels, operations: live.operations }
  const found = [...examplesBelow(parts, '#/components')]
  for (const [name, message] of Object.entries(messages)) {
    t.equal(componentOf(live, message.payload)?.properties?.type?.const, message.name, name)
    t.ok(message.examples.length > 0, `${name} shows what it is like`)
    found.push(...message.examples.map(({ payload: value }) => ({ schema: message.payload.$ref, value })))
  }
  allFit(t, parts, found)
  const inChannels = Object.values(live.channels).flatMap((channel) => Object.keys(channel.messages))
  t.same(new Set(inChannels), new Set(Object.keys(messages)), 'each is in a channel')
  t.end()
})

void t.test('every body and every answer has an example', (t) => {
  for (const [name, { requestBody, responses }] of operations) {
    const media = [requestBody, ...Object.values(responses)].flatMap((part) => part?.content[json] ?? [])
    for (const { schema, examples } of media) {
      const component = componentOf(document, schema)
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
    t.ok(statuses.some(isSuccess), `${name} can succeed`)
    t.notOk(statuses.every(isSuccess), `${name} can fail`)
    for (const { description } of Object.values(operation.responses))
      t.not(description, 'Default Response', `${name} says what its answers mean`)
  }
  t.end()
})

void t.test('every failure of an operation is in the catalogue, under its status', (t) => {
  t.match(document.components.schemas['ErrorCode'], { 'x-extensible-enum': errorCodes, enum: undefined })
  for (const [name, { responses }] of operations) {
    for (const [status, { content }] of Object.entries(responses).filter(([status]) => /^[45]/.test(status))) {
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

void t.test('components have names that make good types, and each is used', async (t) => {
  for (const file of ['openapi.json', 'openapi-3.0.json', 'asyncapi.json']) {
    const text = await committed(file)
    const names = Object.keys((JSON.parse(text) as Published | PublishedLive).components.schemas)
    for (const name of names) t.match(name, /^([A-Z][a-z]+)+$/)
    const used = text.matchAll(/"\$ref": "#\/components\/schemas\/([^"]+)"/g)
    t.same(new Set([...used].map(([, name]) => name)), new Set(names), file)
  }
})

void t.test('an event is told by its type, and what is not known is an event as well', (t) => {
  const { Event, UnknownEvent, ...others } = document.components.schemas
  const branches = (Event?.anyOf ?? []).map(({ $ref }) => $ref.split('/').at(-1) ?? '')
  const last = branches.pop()
  t.equal(last, 'UnknownEvent')
  t.same(
    branches.sort(),
    Object.keys(others)
      .filter((name) => name.endsWith('Event'))
      .sort(),
  )
  const types = branches.flatMap((name) => others[name]?.properties?.type?.enum ?? [])
  t.equal(new Set(types).size, branches.length, 'no type is used twice')
  t.same(new Set(UnknownEvent?.properties?.type?.['x-extensible-enum']), new Set(types))
  t.ok(
    branches.every((name) => name < 'UnknownEvent'),
    'clients that try branches in the order of the alphabet come to it at the end',
  )
  t.end()
})

void t.test('a server with other limits publishes them', async (t) => {
  const settings = { CHATROOM_MESSAGE_LENGTH: 100, CHATROOM_ROOM_MEMBERS: 5 }
  for (const path of ['/openapi.json', '/asyncapi.json']) {
    const { components } = JSON.parse(await served(t, path, settings)) as Published | PublishedLive
    t.match(components.schemas, { MessageText: { maxLength: 100 } }, path)
  }
  const { components } = JSON.parse(await served(t, '/openapi.json', settings)) as Published
  t.match(components.schemas, { Participants: { maxItems: 5 } })
  const small = { CHATROOM_BODY_LIMIT: 65_536 }
  const { components: narrow } = JSON.parse(await served(t, '/openapi.json', small)) as Published
  t.match(narrow.schemas, { Participants: { maxItems: 469 } }, 'as many of the longest names as fit in a body')
})

void t.test('a server that asks everybody for a token publishes that', async (t) => {
  const { paths } = JSON.parse(await served(t, '/openapi.json', { CHATROOM_AUTH: 'token' })) as Published
  t.same(document.paths['/send']?.['post']?.security, [{ bearerAuth: [] }, {}])
  for (const [path, methods] of Object.entries(document.paths))
    for (const [method, { security = [] }] of Object.entries(methods)) {
      const named = security.filter((scheme) => Object.keys(scheme).length > 0)
      t.same(paths[path]?.[method]?.security, named, `${method} ${path}`)
    }
})

for (const api of ['chatroom', 'older', 'live']) {
  void t.test(`Redocly finds nothing in the document "${api}"`, async (t) => {
    const { code, stdout, output } = await runBin('@redocly/cli', 'redocly', ['lint', api, '--format=json'])
    t.equal(code, 0, code === 0 ? 'it passes' : output)
    t.match(JSON.parse(stdout), { totals: { errors: 0, warnings: 0, ignored: 0 }, problems: [] })
  })
}

void t.test('Spectral finds nothing in the documents', async (t) => {
  const options = ['--ruleset=.spectral.yaml', '--format=json', '--fail-severity=hint', '--quiet']
  const lint = ['lint', 'openapi/openapi.json', 'openapi/openapi-3.0.json', 'openapi/asyncapi.json', ...options]
  const { code, stdout, output } = await runBin('@stoplight/spectral-cli', 'spectral', lint)
  t.equal(code, 0, code === 0 ? 'it passes' : output)
  t.same(JSON.parse(stdout), [])
})

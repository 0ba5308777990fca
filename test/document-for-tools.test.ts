import fc from 'fast-check'
import t from 'tap'
import { formats, type Format } from '../schemas/formats.js'
import { patterns } from '../schemas/patterns.js'
import { committed, document, live, type Operation } from './support/documents.js'
import { startChat } from './support/chat.js'
import { runs } from './support/random.js'

const operations = Object.values(document.paths).flatMap((methods) => Object.values(methods))

type Node = Readonly<Record<string, unknown>>

/** Every object below, with the way to it. */
function* nodesBelow(node: unknown, path = ''): Generator<{ path: string; node: Node }> {
  if (typeof node !== 'object' || node === null) return
  yield { path, node: node as Node }
  for (const [key, child] of Object.entries(node)) yield* nodesBelow(child, `${path}/${key}`)
}

const pascal = (name: string): string =>
  name.replaceAll(/(?:^|[._])([a-z])/g, (_all, first: string) => first.toUpperCase())

void t.test('no schema has a name that a generator gives to something else', (t) => {
  const { schemas } = document.components
  const ends = ['Response', 'Params', 'JSONBody', 'JSONRequestBody', 'Res', 'Req']
  const ofOperations = operations.flatMap(({ operationId = '' }) => ends.map((end) => pascal(operationId) + end))
  const values = [...nodesBelow(schemas)].flatMap(({ node }) => node['enum'] ?? node['x-extensible-enum'] ?? [])
  const taken = new Set([...ofOperations, ...(values as string[]).map(pascal)])
  t.ok(taken.size > 100)
  t.same(
    Object.keys(schemas).filter((name) => taken.has(name)),
    [],
  )
  t.end()
})

void t.test('every number is whole, and says when it takes 64 bits', async (t) => {
  for (const file of ['openapi.json', 'openapi-3.0.json', 'asyncapi.json'])
    for (const { path, node } of nodesBelow(JSON.parse(await committed(file)))) {
      t.not(node['type'], 'number', `${file}${path}`)
      if (Number(node['maximum']) >= 2 ** 31) t.equal(node['format'], 'int64', `${file}${path}`)
    }
})

void t.test('every component and every property is described', (t) => {
  for (const { schemas } of [document.components, live.components])
    for (const [name, schema] of Object.entries(schemas)) {
      t.match(schema.description, /\S/, name)
      for (const { path, node } of nodesBelow(schema, name))
        for (const [key, property] of Object.entries((node['properties'] ?? {}) as Record<string, object>))
          t.ok('$ref' in property || 'description' in property, `${path}: ${key} is described`)
    }
  t.end()
})

void t.test('every operation says what any request may be answered, and with which headers', (t) => {
  for (const { operationId = '', responses } of operations) {
    for (const status of ['405', '408', '414', '431', 'default'])
      t.ok(responses[status], `${operationId} has ${status}`)
    for (const [status, { headers = {} }] of Object.entries(responses))
      if (!['408', '431'].includes(status)) t.match(headers, { 'X-Request-Id': {}, RateLimit: {} }, operationId)
    t.match(responses['405']?.headers, { Allow: {} })
    t.match(responses['429']?.headers, { 'Retry-After': {}, 'RateLimit-Policy': {} })
  }
  t.end()
})

void t.test('the headers that are documented are those that are answered', async (t) => {
  const chat = await startChat(t, { CHATROOM_RATE_LIMIT: 1 })
  const answers = [await chat.get('/online'), await chat.get('/online'), await chat.request({ url: '/health' })]
  t.same(
    answers.map(({ status }) => status),
    [200, 429, 200],
  )
  const documented = new Set(operations.flatMap((operation) => Object.values(operation.responses)).flatMap(namesOf))
  const other = /^(?:access-control-|content-|date$|connection$|cache-control$|vary$|x-content-type-options$)/
  for (const { headers } of answers)
    for (const name of Object.keys(headers)) t.ok(documented.has(name) || other.test(name), name)
})

const namesOf = ({ headers = {} }: Operation['responses'][string]): string[] =>
  Object.keys(headers).map((name) => name.toLowerCase())

void t.test('what operations have in common is said once', async (t) => {
  const { paths, components } = JSON.parse(await committed('openapi.json')) as Record<string, Node>
  t.match(components, { parameters: { LastEventIdParameter: {} }, headers: { XRequestId: {} } })
  for (const { path, node } of nodesBelow(paths)) {
    if (/\/responses\/(?:405|408|413|414|415|431|500|default)$/.test(path))
      t.match(node, { $ref: /^#\/components\/responses\// }, path)
  }
})

/** Texts of all kinds: such as fit, such as nearly do, and what nobody would type. */
const texts = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.string({ unit: 'grapheme' }),
  fc.string({ unit: fc.constantFrom('a', 'Z', '7', ' ', '.', '_', '-', 'é', '李', '́', '𐌰', '\n', '\t', '\u00a0') }),
)

for (const [name, pattern] of Object.entries(patterns) as [Format, string][]) {
  void t.test(`the pattern beside "${name}" takes whatever the format takes`, (t) => {
    // A generated client may read it with or without Unicode.
    for (const flags of ['', 'u']) {
      const expression = new RegExp(pattern, flags)
      fc.assert(
        fc.property(texts, (text) => formats[name](text) !== undefined || expression.test(text)),
        runs(1000, 2000),
      )
    }
    t.doesNotThrow(() => new RegExp(pattern, 'v'))
    t.notMatch(pattern, /\\[^x]|\(\?/, 'it is in the words that all languages have')
    t.end()
  })
}

void t.test('the patterns refuse what no name and no message is', (t) => {
  for (const text of ['', ' alice', 'alice ', 'al  ice', 'a/b', 'a\tb', '<b>', 'a@b', 'a\u00a0b'])
    t.notMatch(text, new RegExp(patterns.username), JSON.stringify(text))
  for (const text of ['', ' \n\t', 'a\u0000', '\u0085'])
    t.notMatch(text, new RegExp(patterns.text), JSON.stringify(text))
  for (const text of ['alice', 'Zoë', '李小龙', 'a b.c_d-e']) t.match(text, new RegExp(patterns.username))
  t.end()
})

void t.test('the document in 3.0.3 has nothing that is only in 3.1', async (t) => {
  const older = JSON.parse(await committed('openapi-3.0.json')) as Node
  t.match(older, { openapi: '3.0.3', info: { license: { name: 'MIT', url: /^https:/ } } })
  for (const { path, node } of nodesBelow(older)) {
    t.notOk(Array.isArray(node['examples']), `${path} has one example`)
    t.notOk(Array.isArray(node['type']) || 'const' in node, `${path} has no new words`)
    if ('$ref' in node) t.same(Object.keys(node), ['$ref'], path)
  }
})

void t.test('a tool that has the document from a file finds a server that it can ask', async (t) => {
  for (const file of ['openapi.json', 'openapi-3.0.json']) {
    const { servers } = JSON.parse(await committed(file)) as { servers: { url: string; variables?: Node }[] }
    const { url = '', variables = {} } =
      servers.find((server) => URL.canParse(server.url.replaceAll(/[{}]/g, ''))) ?? {}
    const { default: host } = variables['host'] as { default: string }
    t.equal(url.replace('{host}', host), 'http://localhost:5003', file)
  }
})

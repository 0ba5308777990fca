import { execFile, spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { parseEnv, promisify } from 'node:util'
import { runInNewContext } from 'node:vm'
import t from 'tap'
import { WebSocket } from 'ws'
import { environmentExample, pages, partNames, withCurrentParts } from '../src/tools/readme.js'
import { settingsFrom } from '../src/settings.js'
import { root } from './clients/run-bin.js'
import { builtFile } from './support/built.js'
import { startServer, type Server } from './support/server.js'
import { folderOf } from './support/test-folder.js'

const read = (file: string) => readFile(join(root, file), 'utf8')
const run = promisify(execFile)

const paths = await pages(pathToFileURL(`${root}/`))
const texts = await Promise.all(paths.map(read))
/** README.md and the pages that it leads to. */
const readme = texts.join('\n')
const origin = 'http://localhost:5003'

interface Block {
  readonly language: string
  readonly text: string
}

const section = (title: string): string => readme.split(`\n## ${title}\n`)[1]?.split('\n## ')[0] ?? ''

const blocksOf = (text: string): Block[] =>
  Array.from(text.matchAll(/^```(\w+)\n(.*?)^```$/gms), ([, language = '', text = '']) => ({ language, text }))

const codeOf = (title: string, language: string): string[] =>
  blocksOf(section(title)).flatMap((block) => (block.language === language ? [block.text] : []))

/** A proxy of the machine has no part in what stays on it. */
const direct = { ...process.env, NO_PROXY: '*', no_proxy: '*' }

/** Skips where the command is missing, except in CI, where that is a failure. */
const needs = (command: string): { skip?: string } =>
  process.env['CI'] !== 'true' && spawnSync(command, ['--version']).error ? { skip: `${command} is not installed` } : {}

async function post(server: Server, path: string, body: object): Promise<void> {
  const headers = { 'content-type': 'application/json' }
  await fetch(server.url + path, { method: 'POST', headers, body: JSON.stringify(body) })
}

void t.test(
  'the tables of README.md, its pages and .env.example are those of the sources; `npm run openapi` writes them',
  async (t) => {
    for (const text of texts) t.equal(text, withCurrentParts(text))
    for (const name of partNames) t.equal(texts.join('').split(`<!-- ${name} -->`).length, 2, `${name} is in one page`)
    t.equal(await read('.env.example'), environmentExample())
  },
)

void t.test('.env.example changes nothing as it is, and gives the defaults when its lines are taken in', async (t) => {
  const example = await read('.env.example')
  t.same(parseEnv(example), {})
  t.same(settingsFrom(parseEnv(example.replaceAll(/^#(?=\w+=)/gm, ''))), settingsFrom({}))
})

/** The paths that a page links to, from the root. */
const linksOf = (text: string, path: string): string[] =>
  Array.from(text.matchAll(/\]\(([\w./-]+)(?:#[\w-]+)?\)/g), ([, target = '']) => join(dirname(path), target))

void t.test('what the documents link to and name is there', async (t) => {
  const contributing = await read('CONTRIBUTING.md')
  const linked = [...paths.entries()].flatMap(([index, path]) => linksOf(texts[index] ?? '', path))
  const links = [...linked, ...linksOf(contributing, 'CONTRIBUTING.md')]
  const names = (contributing + (await read('openapi/parts.svg'))).match(/\b(?:schemas|src|test|openapi)\/[\w./-]*\w/g)
  for (const path of new Set([...links, ...(names ?? [])])) t.ok(existsSync(join(root, path)), path)
})

/** Answers without what differs from run to run. */
const withoutChance = (answer: string): string =>
  answer.replaceAll(/"(token|event_id)":"[^"]+"/g, '"$1":"…"').replaceAll(/"sent_at":"[-\dT:.]{23}Z"/g, '"sent_at":"…"')

/** Runs the commands of a server's reader: the latest token that was answered is in `TOKEN`. */
function shell({ url }: Server) {
  let token = ''
  return async (block: string): Promise<string[]> => {
    const answers: string[] = []
    for (const line of block.trim().split('\n')) {
      const command = line.replace('localhost:5003', new URL(url).host)
      const { stdout } = await run('sh', ['-c', command], { env: { ...direct, TOKEN: token } })
      token = /"token":"([\w-]{43})"/.exec(stdout)?.[1] ?? token
      answers.push(withoutChance(stdout))
    }
    return answers
  }
}

void t.test('the curl commands answer as README.md shows', needs('curl'), async (t) => {
  const type = shell(await startServer(t))
  const sections = ['A first chat', 'Accounts and tokens', 'Safe retries'].map(section)
  // A block with no answer below it is a long poll: it goes on while the next ones run, and its answer comes last.
  const underWay: Promise<string[]>[] = []
  for (const { language, text } of sections.flatMap(blocksOf)) {
    if (language === 'bash') underWay.push(type(text))
    else t.same(await underWay.pop(), text.trim().split('\n').map(withoutChance))
  }
  t.equal(underWay.length, 0, 'every answer is shown')
})

/** What differs from run to run in events. */
const withoutTimes = (text: string): string =>
  text.replaceAll(/"(at|sent_at|event_id)":"[^"]+"/g, '"$1":"…"').replaceAll(/"message_id":\d+|"id":\d+/g, '"id":#')

void t.test('the examples of live events hear and say what README.md shows', async (t) => {
  const operator = 'the-operator-of-this-test'
  const server = await startServer(t, { CHATROOM_OPERATOR_TOKEN: operator })
  for (const username of ['alice', 'bob']) await post(server, '/register', { username })
  const [socket = '', stream = ''] = codeOf('Live', 'javascript').map((code) =>
    code.replace('localhost:5003', new URL(server.url).host),
  )
  const [heard = '', answer = ''] = codeOf('Live', 'json')
  const lines: string[] = []
  const opened: WebSocket[] = []
  await new Promise<void>((resolve) => {
    const console = { log: (line: string) => lines.push(line) >= heard.trim().split('\n').length && resolve() }
    class Socket extends WebSocket {
      constructor(url: string) {
        super(url)
        opened.push(this)
      }
    }
    runInNewContext(socket, { WebSocket: Socket, console })
  })
  for (const one of opened) one.close()
  t.same(lines.map(withoutTimes), heard.trim().split('\n').map(withoutTimes))
  t.match(stream, /^const events = new EventSource\('http:/)

  const [command = ''] = codeOf('Live', 'bash')
  const environment = { ...direct, CHATROOM_OPERATOR_TOKEN: operator }
  const script = command.replace('localhost:5003', new URL(server.url).host)
  const { stdout } = await run('sh', ['-c', script], { env: environment })
  t.equal(withoutChance(stdout), withoutChance(answer.trim()))
  t.equal(await readFile(join(server.folder, 'announcement.txt'), 'utf8'), 'Back at noon.')
})

/** Nor how far it had come, which a slow machine tells. */
const withoutCounts = (text: string): string => text.replaceAll(/^.*, \d+ %\n/gm, '').replaceAll(/\d+/g, '#')

/** Runs the commands of who looks after the server, in its folder. */
async function operate(block: string, cwd: string): Promise<string> {
  const source = `"${process.execPath}" ${builtFile('src/cli.ts')}`
  const script = block.replaceAll('npx chatroom', source)
  const environment = Object.entries(process.env).filter(([name]) => !/^(?:CHATROOM_|TAP)/.test(name))
  return (await run('sh', ['-c', `exec 2>&1; ${script}`], { cwd, env: Object.fromEntries(environment) })).stdout
}

void t.test('the commands for its operation say what README.md shows', async (t) => {
  const server = await startServer(t)
  for (const username of ['alice', 'bob', 'carol']) await post(server, '/register', { username })
  await post(server, '/create_room', { admin: 'alice', participants: ['bob', 'carol'] })
  await post(server, '/send', { sender: 'alice', recipient: 'room_1', message: 'Once only', client_id: '7f3c2a9e-1' })
  let said = ''
  for (const { language, text } of blocksOf(section('Operation'))) {
    if (language === 'bash') said = await operate(text, server.folder)
    else t.equal(withoutCounts(said), withoutCounts(text))
  }
})

interface JavaScriptClient {
  registerUser(username: string): Promise<unknown>
  sendMessage(sender: string, recipient: string, message: string): Promise<unknown>
  pollMessages(username: string, lastId: number): Promise<unknown>
}

void t.test('the JavaScript example registers, sends and polls', async (t) => {
  const { url } = await startServer(t)
  const [example = '', baseUrl = ''] = codeOf('From JavaScript', 'javascript')
  const script = `${baseUrl.replace(origin, url)}\n${example}\n({ registerUser, sendMessage, pollMessages })`
  const client = runInNewContext(script, { fetch }) as JavaScriptClient

  t.match(await client.registerUser('zoë'), { status: 'success' })
  t.match(await client.registerUser('bob'), { status: 'success' })
  t.match(await client.sendMessage('bob', 'zoë', 'Hello!'), { status: 'success', message: 'Message sent to zoë.' })
  const first = { id: 1, sender: 'bob', recipient: 'zoë', message: 'Hello!' }
  t.match(await client.pollMessages('zoë', 0), { status: 'success', messages: [first] })
  t.match(await client.pollMessages('zoë', 1), { status: 'success', messages: [] })
})

/** What the example needs of requests, for a Python without it. */
const requestsShim = `
import json as _json, urllib.error, urllib.request

class Response:
    def __init__(self, body):
        self._body = body
    def json(self):
        return _json.loads(self._body)

def _open(request):
    try:
        with urllib.request.urlopen(request) as answer:
            return Response(answer.read())
    except urllib.error.HTTPError as failure:
        return Response(failure.read())

def get(url):
    return _open(url)

def post(url, json):
    return _open(urllib.request.Request(url, _json.dumps(json).encode(), {'Content-Type': 'application/json'}))
`

void t.test('the Python example registers, sends to its room and polls', needs('python3'), async (t) => {
  const server = await startServer(t)
  const [example = ''] = codeOf('From Python', 'python')
  const script = `${example.replaceAll(origin, server.url)}\nimport json\nprint(json.dumps(messages))`
  const hasRequests = spawnSync('python3', ['-c', 'import requests']).status === 0
  const env = hasRequests ? direct : { ...direct, PYTHONPATH: folderOf(t, { 'requests.py': requestsShim }) }
  const python = async (): Promise<unknown> => JSON.parse((await run('python3', ['-c', script], { env })).stdout)

  t.same(await python(), [], 'without the room it goes on, and has no messages')
  await post(server, '/register', { username: 'alice' })
  await post(server, '/create_room', { admin: 'alice', participants: ['test_user'] })
  t.match(await python(), [
    { sender: 'server', recipient: 'room_1' },
    { sender: 'test_user', recipient: 'room_1', message: 'Hello room!' },
  ])
})

void t.test('the client that openapi-typescript generates compiles, and does what README.md says', async (t) => {
  const { url } = await startServer(t)
  const [commands = ''] = codeOf('Generate a client', 'bash')
  const [snippet = ''] = codeOf('Generate a client', 'typescript')
  const folder = folderOf(t, { 'chat.ts': snippet.replace(origin, url) })
  const bin = (command: string) => {
    const [name = '', ...rest] = command.split(' ')
    return run(join(root, 'node_modules/.bin', name), rest, { cwd: folder, env: direct })
  }

  const [, generate = ''] = /^npx (openapi-typescript .*)$/m.exec(commands) ?? []
  await bin(generate.replace(origin, url))
  await bin('tsc --noEmit --strict --module nodenext --target es2022 --types node --skipLibCheck chat.ts')
  const { stdout } = await bin('tsx chat.ts')
  t.equal(stdout, 'dora is registered.\n1 dora A note to myself\n')
})

void t.test('the example of the client in the package does what README.md says', async (t) => {
  const { url } = await startServer(t)
  const [snippet = ''] = codeOf('The client', 'typescript')
  const folder = folderOf(t, {
    'package.json': '{ "type": "module" }',
    'chat.ts': snippet.replace(origin, url).replace('@chatroom/client', join(root, 'src/client/index.js')),
  })
  const { stdout } = await run(join(root, 'node_modules/.bin/tsx'), ['chat.ts'], { cwd: folder, env: direct })
  t.match(stdout, /^connecting\nconnected\nerin A note to myself\n/)
})

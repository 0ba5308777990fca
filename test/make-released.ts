import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { CommandOf } from '../schemas/commands.js'
import type { Settings } from '../schemas/settings.js'
import { buildApp, type AppOptions } from '../src/app.js'
import { backup } from '../src/cli/backup.js'
import { exportCommand } from '../src/cli/export.js'
import { importCommand } from '../src/cli/import.js'
import { restore } from '../src/cli/restore.js'
import { openDatabase } from '../src/storage/database.js'
import { version } from '../src/version.js'
import { Chat, testSettings, type Page } from './support/chat.js'
import { called, chatroom } from './support/cli.js'
import { askAgain, pack, packFile, placeOf, writeKnown, type Asked } from './support/released.js'

/**
 * Makes data folders with every kind of content, as the present version leaves them, for `test/released.test.ts`. Run it
 * before the format of a folder changes, and keep what it writes under `test/released/VERSION/`:
 *
 *   npx tsx test/make-released.ts
 *
 * - `closed`: a server that was stopped.
 * - `killed`: one that was killed while its archive had not yet anything of what came last, again of every kind.
 * - `restored`: the backup of the first, and what came after: ids were passed over.
 * - `imported`: an export of the first, with a room of which it is not known who made it, as 0.1.0 had them; and a clock that
 *   leapt a year ahead and is in doubt.
 */

const hour = 3_600_000
const day = 24 * hour
const operator = 'the-token-of-the-operator'
const texts = [
  'plain',
  '"quotes", \\ a backslash, / a slash, and \\u0041 that is none',
  'two\nlines and\ta tab',
  '</script><!-- & -->',
  'line\u2028and paragraph\u2029separators, \u00a0, \u200d, \ufeff',
  '4 bytes: 💬 👩‍👩‍👧‍👦 𠮷 𝒳, and a flag 🇺🇳',
  'Grüße, Ελλάδα, Привет, שלום, مرحبا, नमस्ते, 你好, 안녕',
  'e\u0301 is not \u00e9',
  '💬'.repeat(50),
]
/** Of other scripts, with marks, and beyond the first 65,536 characters. */
const accounts = ['Alice', 'zoë', '李小龙', '𠮷野 家']
const guests = ['Дмитрий', 'नेहा', 'أحمد', 'O.Brien-x_1', 'Straße']

const passwordOf = (name: string): string => `the password of ${name} 🔑`

interface Sent {
  readonly sender: string
  readonly message: string
}

/** A chat on a folder: those who talk, their tokens, and the clock. */
class Scene {
  chat!: Chat
  readonly tokens: Record<string, string>
  /** What was sent with a `client_id`, the latest last. */
  readonly sent: { readonly at: number; readonly body: Sent }[] = []
  cursor: Readonly<Record<string, string>> = {}

  constructor(
    readonly folder: string,
    public time: number,
    readonly settings: Partial<Settings> = {},
    tokens: Readonly<Record<string, string>> = {},
  ) {
    this.tokens = { ...tokens }
  }

  async open(settings: Partial<Settings> = {}, options: Partial<AppOptions> = {}): Promise<void> {
    const all = testSettings({ ...this.settings, CHATROOM_DATA: this.folder, ...settings })
    this.chat = new Chat(await buildApp({ settings: all, now: () => this.time, ...options }))
  }

  async close(): Promise<void> {
    await this.chat.app.close()
  }

  /** @throws if it is refused */
  async post(url: string, body: object, token?: string): Promise<Record<string, unknown>> {
    this.time += 1234
    const answer = await this.chat.post(url, body, token)
    if (answer.status !== 200) throw new Error(`${url} ${JSON.stringify(body)}: ${JSON.stringify(answer.body)}`)
    return answer.body
  }

  async register(username: string, password?: string): Promise<void> {
    const { token } = await this.post('/register', { username, ...(password !== undefined && { password }) })
    this.tokens[username] = String(token)
  }

  async login(username: string): Promise<void> {
    const { token } = await this.post('/login', { username, password: passwordOf(username) })
    this.tokens[username] = String(token)
  }

  async logout(username: string): Promise<void> {
    await this.post('/logout', { username }, this.tokens[username])
    delete this.tokens[username]
  }

  async send(sender: string, recipient: string, message: string, clientId?: string): Promise<void> {
    const body = { sender, recipient, message, ...(clientId !== undefined && { client_id: clientId }) }
    await this.post('/send', body, this.tokens[sender])
    if (clientId !== undefined) this.sent.push({ at: this.time, body })
  }

  async createRoom(admin: string, participants: string[], more: object = {}): Promise<string> {
    const { room_id: room } = await this.post('/create_room', { admin, participants, ...more }, this.tokens[admin])
    return String(room)
  }

  async leave(username: string, room: string): Promise<void> {
    await this.post('/leave_room', { username, room_id: room }, this.tokens[username])
  }

  async announce(announcement: string): Promise<void> {
    const headers = { authorization: `Bearer ${operator}` }
    const { statusCode } = await this.chat.app.inject({
      method: 'PUT',
      url: '/announcement',
      payload: { announcement },
      headers,
    })
    if (statusCode !== 200) throw new Error(`the announcement is refused: ${statusCode}`)
  }

  /** What only a far larger chat puts into its log. */
  async append(command: CommandOf<'leave_rooms'>): Promise<void> {
    const { log } = this.chat.app.chat as unknown as { log: { append(command: object): Promise<unknown> } }
    await log.append(command)
  }

  /** Remembers where those who come back have been. */
  async markCursors(): Promise<void> {
    const names = ['Alice', 'zoë', 'नेहा']
    const marked = names.map(async (name): Promise<[string, string]> => {
      const { body } = await this.chat.get('/events', { username: name, wait: 0 }, this.tokens[name])
      return [name, String(body['event_id'])]
    })
    this.cursor = Object.fromEntries(await Promise.all(marked))
  }
}

/** Those who talk as if it were any day: every kind of thing, with texts of every kind. */
async function talk(scene: Scene, name: string): Promise<void> {
  const [alice = '', zoe = '', bruce = '', yoshino = ''] = accounts
  const [dmitri = '', neha = '', ahmad = '', brien = ''] = guests
  const all = [...accounts, ...guests]
  await scene.login(yoshino)
  for (const [index, text] of texts.entries()) {
    const [one = '', other = ''] = [all[index % all.length], all[(index + 1) % all.length]]
    await scene.send(one, other, `${name} there: ${text}`)
    await scene.send(other, one, text, `${name} back ${index} 🔁`)
    await scene.send(one, one, `a note to myself: ${index}`, index % 2 === 0 ? `${name} note ${index}` : undefined)
  }
  const described = { name: `${name} "Tea" ☕`, topic: 'Tabs,\nlines, and 💬 \\ escapes', visibility: 'public' }
  const tea = await scene.createRoom(alice, [zoe, dmitri, neha], { ...described, retention: 36_500 })
  const short = await scene.createRoom(zoe, [alice, bruce], { name: `${name} short`, retention: 3 })
  const plain = await scene.createRoom(bruce, [alice, ahmad])
  const gone = await scene.createRoom(brien, [zoe], { topic: 'Goes soon' })
  const alone = await scene.createRoom(yoshino, [], { visibility: 'private', name: '家' })
  for (const [index, text] of texts.entries()) {
    await scene.send(alice, tea, text, `${name} tea ${index}`)
    await scene.send(dmitri, tea, text)
  }
  for (const room of [short, plain, alone]) {
    const member = { [short]: zoe, [plain]: bruce, [alone]: yoshino }[room] as string
    await scene.send(member, room, `${name} in ${room}`, `${name} ${room}`)
  }
  await scene.send(brien, gone, 'nobody reads this any more')
  await scene.leave(neha, tea)
  // An account without a session is there, and offline.
  await scene.logout(yoshino)
  // The admin leaves: another is it then.
  await scene.leave(alice, tea)
  await scene.leave(zoe, short)
  for (const member of [brien, zoe]) await scene.leave(member, gone)
  await scene.announce(`${name}: "Welcome" \\ \n 💬`)
}

/** All that the present version can come to in some months. */
async function live(scene: Scene): Promise<void> {
  await scene.open({ CHATROOM_USERS: 50, CHATROOM_IDEMPOTENCY_KEYS: 1000 })
  for (const account of accounts) await scene.register(account, passwordOf(account))
  for (const guest of guests) await scene.register(guest)
  await scene.logout('𠮷野 家')
  await talk(scene, 'old')
  await scene.close()

  // A leap of the clock is doubted, until somebody says that it is right; then retention deletes what is old.
  scene.time += 40 * day
  await scene.open()
  await scene.close()
  await scene.open({ CHATROOM_RETENTION: 30, CHATROOM_GUEST_TTL: 1 }, { clockIsRight: true })
  while ((await scene.chat.online()).some((name) => guests.includes(name)))
    await new Promise((resolve) => setTimeout(resolve, 100))
  for (const guest of guests) await scene.register(guest)
  await scene.close()

  await scene.open()
  // The second session of an account, and one that ended.
  await scene.login('Alice')
  const ended = scene.tokens['zoë']
  await scene.login('zoë')
  await scene.post('/logout', { username: 'zoë' }, ended)
  await talk(scene, 'middle')
  await scene.close()

  // Rooms with a retention of their own lose what is older than that, six days later.
  scene.time += 6 * day
  await scene.open()
  await scene.markCursors()
  await everything(scene, 'new')
}

/** Every command there is, but for those that only a start gives. */
async function everything(scene: Scene, name: string): Promise<void> {
  await scene.register(`guest of ${name}`)
  await scene.register(`${name} who goes`)
  await scene.register(`${name} account`, passwordOf(`${name} account`))
  await scene.createRoom(`${name} who goes`, ['Alice', 'zoë'], { name: 'left behind' })
  await scene.send(`${name} who goes`, 'Alice', 'before I go', `${name} last`)
  await scene.logout(`${name} who goes`)
  scene.time += 2 * hour
  for (const sender of guests) await scene.send(sender, 'Alice', 'still here')
  await scene.append({ type: 'leave_rooms', user: await numberOf(scene, 'Дмитрий'), at_most: 1 })
  scene.time += 20 * hour
  for (const sender of guests.slice(1)) await scene.send(sender, 'zoë', 'and the next day', `${name} ${sender}`)
  // By now one of them has been idle for so long that another may take the name.
  scene.time += 12 * hour
  await scene.register('Дмитрий')
  await scene.send('Дмитрий', 'Дмитрий', 'another of that name', `${name} again`)
  await scene.createRoom('Дмитрий', ['Alice'], { name: 'Снова' })
  await scene.send('zoë', 'zoë', '𠮷'.repeat(1000))
  await talk(scene, name)
}

/** The number of a guest, which only an export tells: of another process, as one here keeps the files open. */
async function numberOf({ folder }: Scene, username: string): Promise<number> {
  const { out } = await chatroom(folder, ['export'])
  const line = out.split('\n').find((it) => it.includes('"type":"user"') && it.includes(`"name":"${username}"`))
  if (line === undefined) throw new Error(`there is no ${username}`)
  return (JSON.parse(line) as { number: number }).number
}

/** Keeps what the server answers now, then the folder as it is when that is over, with a backup and an export of it. */
async function keep(name: string, scene: Scene): Promise<void> {
  const to = placeOf(version, name)
  const answers = await answersOf(scene)
  const events = await eventsOf(scene)
  const { folder, time: now, settings } = scene
  await scene.close()
  await keepFiles(name, folder)
  await writeKnown(to, { settings, now, answers, events, passwords: passwords() })
}

async function keepFiles(name: string, folder: string): Promise<void> {
  const to = placeOf(version, name)
  await rm(to, { recursive: true, force: true })
  // A reader of files that were not closed leaves its traces.
  await pack(folder, to)
  for (const [what, command] of Object.entries({ backup, export: exportCommand })) {
    const file = `${folder}.${what}`
    await called(command, folder, file)
    await packFile(file, `${to}.${what}`)
  }
}

const passwords = (): Record<string, string> => Object.fromEntries(accounts.map((name) => [name, passwordOf(name)]))

async function answersOf(scene: Scene): Promise<Asked[]> {
  const { chat, tokens } = scene
  const asked: Asked[] = []
  const ask = async (question: Omit<Asked, 'status' | 'body'>): Promise<unknown> => {
    const answer = await askAgain(chat, { ...question, status: 0, body: undefined })
    asked.push(answer)
    return answer.body
  }
  const get = (url: string, query: Record<string, string>, token?: string) =>
    ask({ method: 'GET', url, query, ...(token !== undefined && { token }) })
  await get('/announcement', {})
  await get('/online', {})
  await get('/online', { limit: '3', after: 'b' })
  for (const [username, token] of Object.entries(tokens)) {
    for (let [lastId, hasMore] = [0, true]; hasMore;) {
      const page = (await get('/messages', { username, last_id: String(lastId), limit: '40' }, token)) as Page
      ;[lastId, hasMore] = [page.last_id, page.has_more]
    }
  }
  // Later than a day after, a repeat may be sent again.
  const latest = scene.sent.filter(({ at }) => at > scene.time - 20 * hour).map(({ body }) => body)
  for (const payload of latest) await ask(sendOf(payload, tokens))
  for (const payload of latest.slice(0, 2)) await ask(sendOf({ ...payload, message: 'other content' }, tokens))
  return asked
}

const sendOf = (payload: Sent, tokens: Readonly<Record<string, string>>): Omit<Asked, 'status' | 'body'> => {
  const token = tokens[payload.sender]
  return { method: 'POST', url: '/send', payload, ...(token !== undefined && { token }) }
}

async function eventsOf({ chat, tokens, cursor }: Scene): Promise<Asked[]> {
  const asked: Asked[] = []
  for (const [username, last_event_id] of Object.entries(cursor)) {
    const token = tokens[username]
    if (token === undefined) continue
    const question = { method: 'GET' as const, url: '/events', query: { username, last_event_id, wait: '0' }, token }
    asked.push(await askAgain(chat, { ...question, status: 0, body: undefined }))
  }
  return asked
}

const start = Date.UTC(2026, 6, 1, 12)

async function makeClosed(place: string): Promise<Scene> {
  const settings = {
    CHATROOM_RETENTION: 30,
    CHATROOM_OPERATOR_TOKEN: operator,
    CHATROOM_USERS: 60,
    CHATROOM_LOG_AGE: 30 * 86_400,
    ...nowhere,
  }
  const scene = new Scene(join(place, 'closed'), start, settings)
  await live(scene)
  await keep('closed', scene)
  return scene
}

/** There is no file that the announcement could be written to, so it is in the folder alone. */
const nowhere = { CHATROOM_ANNOUNCEMENT: '/nowhere/announcement.txt' }

const killed = '--killed'

/** Goes on from a copy in a process of its own, which kills itself. */
async function makeKilled(place: string, from: Scene): Promise<void> {
  const folder = join(place, 'killed')
  await cp(from.folder, folder, { recursive: true })
  const { time, settings, tokens } = from
  await writeFile(join(place, 'scene.json'), JSON.stringify({ folder, time, settings, tokens }))
  const child = spawn(process.execPath, [...process.execArgv, fileURLToPath(import.meta.url), killed, place], {
    stdio: 'inherit',
  })
  const [code, signal] = (await once(child, 'exit')) as [number | null, string | null]
  if (signal !== 'SIGKILL') throw new Error(`it ended with ${code}, and not as it should`)
  await keepFiles('killed', folder)
}

async function liveAndDie(place: string): Promise<never> {
  const { folder, time, settings, tokens } = JSON.parse(await readFile(join(place, 'scene.json'), 'utf8')) as Scene
  const scene = new Scene(folder, time, settings, tokens)
  await scene.open()
  await scene.markCursors()
  // Nothing more comes into the archive from here on: it waits for this, again and again.
  const archive = openDatabase(join(folder, 'archive.db'))
  archive.exec('BEGIN IMMEDIATE')
  await everything(scene, 'tail')
  const answers = await answersOf(scene)
  const events = await eventsOf(scene)
  const known = { settings, now: scene.time, answers, events, passwords: passwords() }
  await writeKnown(placeOf(version, 'killed'), known)
  process.kill(process.pid, 'SIGKILL')
  return new Promise(() => undefined)
}

async function makeRestored(place: string, from: Scene): Promise<void> {
  const scene = new Scene(join(place, 'restored'), from.time, from.settings, from.tokens)
  await called(restore, scene.folder, `${from.folder}.backup`)
  await scene.open()
  await scene.markCursors()
  await everything(scene, 'restored')
  await keep('restored', scene)
}

async function makeImported(place: string, from: Scene): Promise<void> {
  const scene = new Scene(join(place, 'imported'), from.time, from.settings, from.tokens)
  const lines = (await readFile(`${from.folder}.export`, 'utf8')).split('\n')
  const changed = lines.map((line) => (line.startsWith('{"type":"room"') ? line.replace(/,"maker":\d+/, '') : line))
  const file = join(place, 'changed.export')
  await writeFile(file, changed.join('\n'))
  await called(importCommand, scene.folder, file)
  await scene.open()
  await scene.send('Alice', 'zoë', 'before the leap')
  await scene.close()
  scene.time += 365 * day
  await scene.open()
  await scene.markCursors()
  await everything(scene, 'imported')
  await keep('imported', scene)
}

async function makeAll(): Promise<void> {
  const place = await mkdtemp(join(tmpdir(), 'chatroom-released-'))
  try {
    const closed = await makeClosed(place)
    await makeKilled(place, closed)
    await makeRestored(place, closed)
    await makeImported(place, closed)
  } finally {
    await rm(place, { recursive: true })
  }
}

const [, , way, place = ''] = process.argv
await (way === killed ? liveAndDie(place) : makeAll())

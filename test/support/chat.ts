import type { Test } from 'tap'
import type { InjectOptions } from 'fastify'
import { settingsFrom } from '../../src/settings.js'
import { buildApp, type App, type AppOptions } from '../../src/app.js'
import type { Settings } from '../../schemas/settings.js'
import type { Failure } from '../../schemas/errors.js'
import type { Message } from '../../schemas/message.js'
import { checkContract } from './contract.js'
import { natsUrl, openNatsNode } from './nats-node.js'
import { buildTwo } from './two-nodes.js'

/** What came back: its status, its headers, and its JSON. */
export interface Answer {
  readonly status: number
  readonly headers: Readonly<Record<string, unknown>>
  readonly body: Record<string, unknown>
}

export interface Page {
  readonly messages: readonly Message[]
  readonly last_id: number
  readonly has_more: boolean
}

/** The app as production has it, spoken to in verbs. Every answer is held to the published contract. */
export class Chat {
  constructor(readonly app: App) {}

  async request(options: InjectOptions): Promise<Answer> {
    const response = await this.app.inject(options)
    const text = response.payload
    const answer = {
      status: response.statusCode,
      headers: response.headers,
      body: text === '' ? {} : (JSON.parse(text) as Record<string, unknown>),
    }
    checkContract(this.app, options, answer)
    return answer
  }

  post(url: string, payload: object, token?: string): Promise<Answer> {
    return this.request({ method: 'POST', url, payload, headers: bearer(token) })
  }

  get(url: string, query: Record<string, string | number> = {}, token?: string): Promise<Answer> {
    const text = Object.entries(query).map(([name, value]): [string, string] => [name, String(value)])
    return this.request({ method: 'GET', url, query: Object.fromEntries(text), headers: bearer(token) })
  }

  /** Registers, and returns the token. */
  async register(username: string, password?: string): Promise<string> {
    const { body } = await succeed(this.post('/register', { username, ...(password !== undefined && { password }) }))
    return String(body['token'])
  }

  /** Sends, and returns the message's id. */
  async send(sender: string, recipient: string, message: string, token?: string): Promise<number> {
    const { body } = await succeed(this.post('/send', { sender, recipient, message }, token))
    return Number(body['message_id'])
  }

  async poll(username: string, lastId = 0, more: Record<string, string | number> = {}, token?: string): Promise<Page> {
    const { body } = await succeed(this.get('/messages', { username, last_id: lastId, ...more }, token))
    return body as unknown as Page
  }

  /** The texts that are new to the user. */
  async texts(username: string, lastId = 0, token?: string): Promise<string[]> {
    const { messages } = await this.poll(username, lastId, {}, token)
    return messages.map(({ message }) => message)
  }

  /** Creates a room, and returns its id. */
  async createRoom(admin: string, participants: string[], token?: string): Promise<string> {
    const { body } = await succeed(this.post('/create_room', { admin, participants }, token))
    return String(body['room_id'])
  }

  leaveRoom(username: string, roomId: string, token?: string): Promise<Answer> {
    return succeed(this.post('/leave_room', { username, room_id: roomId }, token))
  }

  logout(username: string, token?: string): Promise<Answer> {
    return succeed(this.post('/logout', { username }, token))
  }

  async online(query: Record<string, string | number> = {}): Promise<string[]> {
    const { body } = await succeed(this.get('/online', query))
    return body['online_users'] as string[]
  }
}

const bearer = (token: string | undefined): Record<string, string> =>
  token === undefined ? {} : { authorization: `Bearer ${token}` }

async function succeed(pending: Promise<Answer>): Promise<Answer> {
  const answer = await pending
  if (answer.status !== 200) throw new Error(`expected success, got ${answer.status} ${JSON.stringify(answer.body)}`)
  return answer
}

/** What a repeat is answered as the first time: all but the cursor. */
export function asFirst({ body }: Answer): Record<string, unknown> {
  const { event_id: _cursor, ...same } = body
  return same
}

/** Expects a failure of the catalogue, and returns it. */
export async function fails(t: Test, pending: Promise<Answer>, status: number, code: string): Promise<Failure> {
  const { status: got, body } = await pending
  t.match({ status: got, ...body, outcome: body['status'] }, { status: body['status'], code, outcome: 'fail' })
  t.equal(got, status, `${code} is ${status}`)
  t.type(body['message'], 'string')
  return body as unknown as Failure
}

/** Unlimited, unless a test is about that. */
export const testSettings = (settings: Partial<Settings> = {}): Settings => ({
  ...settingsFrom({
    CHATROOM_DATA: ':memory:',
    CHATROOM_RATE_LIMIT: '0',
    CHATROOM_PASSWORD_RATE_LIMIT: '0',
    CHATROOM_REGISTRATION_RATE: '0',
    CHATROOM_PARTICIPANT_RATE: '0',
    CHATROOM_PARTICIPANTS_PER_GUEST: '1000000',
  }),
  ...settings,
})

/** Whether the app is two nodes on one folder, unless a test brings its own storage. */
const isOnTwoNodes = (): boolean => process.env['CHATROOM_TEST_NODES'] === '2'

/** On what the suite says: on NATS, on two nodes, or as it is. */
async function build(t: Test, all: AppOptions): Promise<App> {
  if (natsUrl !== undefined) return buildApp({ ...all, storage: await openNatsNode(t, natsUrl, all) })
  return isOnTwoNodes() ? buildTwo(t, all) : buildApp(all)
}

/** Builds the app; it closes with the test. */
export async function startChat(
  t: Test,
  settings: Partial<Settings> = {},
  options: Partial<AppOptions> = {},
): Promise<Chat> {
  const all = { settings: testSettings(settings), ...options }
  const app = await (options.storage ? buildApp(all) : build(t, all))
  t.teardown(() => app.close())
  return new Chat(app)
}

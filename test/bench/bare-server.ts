import Fastify, { type FastifyReply } from 'fastify'
import type * as Formats from '../../schemas/formats.js'
import type * as Components from '../../schemas/index.js'
import type { Message } from '../../schemas/message.js'
import type * as Messages from '../../schemas/messages.js'
import type { PollQuery, SendRequest } from '../../schemas/messages.js'
import type * as PageModule from '../../src/chat/messages/page.js'
import type * as StoreModule from '../../src/chat/messages/message-store.js'
import type { MessageStore as Store } from '../../src/chat/messages/message-store.js'
import type * as SettingsModule from '../../src/settings.js'
import { built } from './built.js'
import { messageObjects, scan } from './objects.js'

/**
 * What Fastify itself costs: bare routes with the schemas of ours and nothing else, and the first chat's scan of all
 * messages. Messages are objects here, as one writes them without a second thought.
 */

const { formats } = await built<typeof Formats>('schemas/formats.js')
const { components } = await built<typeof Components>('schemas/index.js')
const { limitsOf, settingsFrom } = await built<typeof SettingsModule>('src/settings.js')
const { pageJson } = await built<typeof PageModule>('src/chat/messages/page.js')
const { MessageStore } = await built<typeof StoreModule>('src/chat/messages/message-store.js')
const { pollMessages, sendMessage } = await built<typeof Messages>('schemas/messages.js')

const count = 100_000
const pageLength = 100

const checks = Object.entries(formats).map(([name, check]) => [name, (text: string) => check(text) === undefined])
const app = Fastify({ logger: false, ajv: { customOptions: { formats: Object.fromEntries(checks) as object } } })
for (const schema of components(limitsOf(settingsFrom({})))) app.addSchema(schema)

let made: Message[] | undefined
/** Made when they are first asked for: a bare send is not to have them in its heap. */
const objects = (): Message[] => (made ??= messageObjects(count))

let stored: Store | undefined
const bytes = (): Store => (stored ??= filledStore())

function filledStore(): Store {
  const store = new MessageStore(2 ** 30)
  for (const { sender, recipient, message } of objects())
    store.append({ sender, recipient, text: message, sentAt: Date.now() }, { target: 1, sender: 1, sentAt: Date.now() })
  return store
}

let newest = 0
app.post<{ Body: SendRequest }>(
  '/send',
  { schema: { body: sendMessage.schema.body, response: sendMessage.schema.response } },
  async ({ body }) => ({
    status: 'success',
    message: `Message sent to ${body.recipient}.`,
    message_id: ++newest,
    sent_at: new Date().toISOString(),
  }),
)

const polling = { schema: { querystring: pollMessages.schema.querystring, response: pollMessages.schema.response } }

/** A page of a conversation that has its own array, in which the first message is found at once. */
app.get<{ Querystring: PollQuery }>('/page', polling, async ({ query: { last_id: lastId = 0 } }) => {
  const messages = objects().slice(lastId, lastId + pageLength)
  return { status: 'success', messages, last_id: messages.at(-1)?.id ?? lastId, has_more: true }
})

/** The same page from a store that keeps messages as bytes: what the joining alone is worth. */
app.get<{ Querystring: PollQuery }>(
  '/joined',
  { schema: { querystring: pollMessages.schema.querystring } },
  async ({ query: { last_id: lastId = 0 } }, reply) => {
    const ids = Array.from({ length: pageLength }, (_, index) => lastId + 1 + index)
    const json = pageJson(bytes(), { archived: [], ids, lastId: lastId + pageLength, hasMore: true }, 0)
    return reply.type('application/json; charset=utf-8').send(json)
  },
)

/** The first chat's poll: it looks at every message that there is. */
app.get<{ Querystring: PollQuery }>('/scan', polling, async ({ query: { username, last_id: lastId = 0 } }) => {
  const messages = scan(objects(), username ?? '', lastId)
  return { status: 'success', messages, last_id: messages.at(-1)?.id ?? lastId, has_more: false }
})

app.get('/health', async () => ({ status: 'success' }))

const held: FastifyReply[] = []
const answer = JSON.stringify({ status: 'success', messages: messageObjects(1), last_id: 1, has_more: false })

app.get('/hold', (_request, reply) => {
  held.push(reply)
})

app.post('/release', async () => {
  for (const reply of held.splice(0)) void reply.type('application/json; charset=utf-8').send(answer)
  return { status: 'success' }
})

await app.listen({ host: '127.0.0.1', port: Number(process.env['PORT']) })

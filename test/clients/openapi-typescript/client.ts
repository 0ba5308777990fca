import createClient from 'openapi-fetch'
import { pageOf, Refused, type Connect, type Known } from '../seed-client.js'
import type { components, operations, paths } from './generated/schema.js'

type Failure = components['schemas']['Failure']
type Event = components['schemas']['Event']
type Answer<Name extends keyof operations> = operations[Name]['responses'] extends { 200: { content: infer Content } }
  ? Content['application/json' & keyof Content]
  : never

export const connect: Connect = (baseUrl) => {
  const api = createClient<paths>({ baseUrl })
  return {
    async register(username, password) {
      const answer: Answer<'register'> = dataOf(await api.POST('/register', { body: { username, password } }))
      return answer.token
    },
    async login(username, password) {
      const answer: Answer<'login'> = dataOf(await api.POST('/login', { body: { username, password } }))
      return answer.token
    },
    async logout(username, token) {
      const headers = token === undefined ? {} : { authorization: `Bearer ${token}` }
      const answer: Answer<'logout'> = dataOf(await api.POST('/logout', { body: { username }, headers }))
      return answer.message
    },
    async listOnlineUsers(prefix) {
      const query = { prefix, limit: 10 }
      const answer: Answer<'listOnlineUsers'> = dataOf(await api.GET('/online', { params: { query } }))
      return answer.online_users
    },
    async sendMessage(sender, recipient, message) {
      const body = { sender, recipient, message }
      const answer: Answer<'sendMessage'> = dataOf(await api.POST('/send', { body }))
      return answer.message_id
    },
    async pollMessages(username, lastId) {
      const query = { username, last_id: lastId }
      const answer: Answer<'pollMessages'> = dataOf(await api.GET('/messages', { params: { query } }))
      return answer
    },
    async createRoom(admin, participants) {
      const body = { admin, participants, visibility: 'private' } as const
      const answer: Answer<'createRoom'> = dataOf(await api.POST('/create_room', { body }))
      return answer.room_id
    },
    async leaveRoom(username, roomId) {
      const body = { username, room_id: roomId }
      const answer: Answer<'leaveRoom'> = dataOf(await api.POST('/leave_room', { body }))
      return answer.message
    },
    async getAnnouncement() {
      const answer: Answer<'getAnnouncement'> = dataOf(await api.GET('/announcement'))
      return answer.announcement
    },
    async eventTypes(username) {
      const query = { username, wait: 0 }
      const answer = dataOf(await api.GET('/events', { params: { query } }))
      return pageOf(answer).events.map(({ type }) => type)
    },
  }
}

function dataOf<T>({ data, error }: { data?: T; error?: Failure }): T {
  if (data === undefined) throw error ? new Refused(error) : new Error('an answer without a body')
  return data
}

/** What must not compile: the types are those of the contract. */
export async function misuse(api: ReturnType<typeof createClient<paths>>): Promise<void> {
  // @ts-expect-error a text is no number
  await api.POST('/send', { body: { sender: 'alice', recipient: 'bob', message: 7 } })
  // @ts-expect-error the recipient is missing
  await api.POST('/send', { body: { message: 'Hello' } })
}

/** An event is what its type says; what is not there for all of them does not compile. */
export function textOf(event: Known<Event>): string {
  // @ts-expect-error most events have no message
  if (event.message === undefined) return ''
  return event.type === 'message.created' ? event.message.message : event.type
}

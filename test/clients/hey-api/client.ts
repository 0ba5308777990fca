import { Refused, type Connect, type Known } from '../seed-client.js'
import { createClient, createConfig } from './generated/client/index.js'
import {
  createRoom,
  getAnnouncement,
  leaveRoom,
  listOnlineUsers,
  login,
  logout,
  pollMessages,
  register,
  sendMessage,
  streamEvents,
  type Event,
  type Failure,
} from './generated/index.js'

export const connect: Connect = (baseUrl) => {
  const client = createClient(createConfig({ baseUrl }))
  return {
    async register(username, password) {
      const { token } = dataOf(await register({ client, body: { username, password } }))
      return token
    },
    async login(username, password) {
      const { token } = dataOf(await login({ client, body: { username, password } }))
      return token
    },
    async logout(username, token) {
      const { message } = dataOf(await logout({ client, body: { username }, auth: token }))
      return message
    },
    async listOnlineUsers(prefix) {
      const answer = dataOf(await listOnlineUsers({ client, query: { prefix, limit: 10 } }))
      return answer.online_users
    },
    async sendMessage(sender, recipient, message) {
      const answer = dataOf(await sendMessage({ client, body: { sender, recipient, message } }))
      return answer.message_id
    },
    async pollMessages(username, lastId) {
      return dataOf(await pollMessages({ client, query: { username, last_id: lastId } }))
    },
    async createRoom(admin, participants) {
      const answer = dataOf(await createRoom({ client, body: { admin, participants, visibility: 'private' } }))
      return answer.room_id
    },
    async leaveRoom(username, roomId) {
      const { message } = dataOf(await leaveRoom({ client, body: { username, room_id: roomId } }))
      return message
    },
    async getAnnouncement() {
      const { announcement } = dataOf(await getAnnouncement({ client }))
      return announcement
    },
    async eventTypes(username) {
      const { events } = dataOf(await streamEvents({ client, query: { username, wait: 0 } }))
      return events.map(({ type }) => type)
    },
  }
}

function dataOf<T>({ data, error }: { data: T | undefined; error?: Failure }): T {
  if (data === undefined) throw error ? new Refused(error) : new Error('an answer without a body')
  return data
}

/** What must not compile: the types are those of the contract. */
export async function misuse(): Promise<void> {
  // @ts-expect-error a text is no number
  await sendMessage({ body: { sender: 'alice', recipient: 'bob', message: 7 } })
  // @ts-expect-error the recipient is missing
  await sendMessage({ body: { message: 'Hello' } })
}

/** An event is what its type says; what is not there for all of them does not compile. */
export function textOf(event: Known<Event>): string {
  // @ts-expect-error most events have no message
  if (event.message === undefined) return ''
  return event.type === 'message.created' ? event.message.message : event.type
}

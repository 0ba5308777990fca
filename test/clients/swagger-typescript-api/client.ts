import { Refused, type Connect, type Known } from '../seed-client.js'
import { Api, type Event, type Failure, type HttpResponse } from './generated/api.js'

export const connect: Connect = (baseUrl) => {
  const api = new Api({ baseUrl })
  return {
    async register(username, password) {
      const { token } = await dataOf(api.users.register({ username, password }))
      return token
    },
    async login(username, password) {
      const { token } = await dataOf(api.users.login({ username, password }))
      return token
    },
    async logout(username, token) {
      const headers: HeadersInit = token === undefined ? {} : { authorization: `Bearer ${token}` }
      const { message } = await dataOf(api.sessions.logout({ username }, { headers }))
      return message
    },
    async listOnlineUsers(prefix) {
      const answer = await dataOf(api.users.listOnlineUsers({ prefix, limit: 10 }))
      return answer.online_users
    },
    async sendMessage(sender, recipient, message) {
      const answer = await dataOf(api.messages.sendMessage({ sender, recipient, message }))
      return answer.message_id
    },
    async pollMessages(username, lastId) {
      return dataOf(api.messages.pollMessages({ username, last_id: lastId }))
    },
    async createRoom(admin, participants) {
      const answer = await dataOf(api.rooms.createRoom({ admin, participants, visibility: 'private' }))
      return answer.room_id
    },
    async leaveRoom(username, roomId) {
      const { message } = await dataOf(api.rooms.leaveRoom({ username, room_id: roomId }))
      return message
    },
    async getAnnouncement() {
      const { announcement } = await dataOf(api.system.getAnnouncement())
      return announcement
    },
    async eventTypes(username) {
      const { events } = await dataOf(api.live.streamEvents({ username, wait: 0 }))
      return events.map(({ type }) => type)
    },
  }
}

/** This client throws an answer that is no success. */
async function dataOf<T>(pending: Promise<HttpResponse<T, Failure>>): Promise<T> {
  try {
    const { data } = await pending
    return data
  } catch (thrown) {
    throw new Refused((thrown as HttpResponse<T, Failure>).error)
  }
}

/** What must not compile: the types are those of the contract. */
export async function misuse(api: Api<unknown>): Promise<void> {
  // @ts-expect-error a text is no number
  await api.messages.sendMessage({ sender: 'alice', recipient: 'bob', message: 7 })
  // @ts-expect-error the recipient is missing
  await api.messages.sendMessage({ message: 'Hello' })
}

/** An event is what its type says; what is not there for all of them does not compile. */
export function textOf(event: Known<Event>): string {
  // @ts-expect-error most events have no message
  if (event.message === undefined) return ''
  return event.type === 'message.created' ? event.message.message : event.type
}

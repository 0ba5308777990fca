import { pageOf, Refused, type Connect, type Known } from '../seed-client.js'
import { server } from './fetch-from-server.js'
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
} from './generated/api.js'

export const connect: Connect = (url) => {
  server.url = url
  return {
    async register(username, password) {
      const answer = await register({ username, password })
      if (answer.status !== 200) throw new Refused(answer.data)
      return answer.data.token
    },
    async login(username, password) {
      const answer = await login({ username, password })
      if (answer.status !== 200) throw new Refused(answer.data)
      return answer.data.token
    },
    async logout(username, token) {
      const headers: HeadersInit = token === undefined ? {} : { authorization: `Bearer ${token}` }
      const answer = await logout({ username }, { headers })
      if (answer.status !== 200) throw new Refused(answer.data)
      return answer.data.message
    },
    async listOnlineUsers(prefix) {
      const answer = await listOnlineUsers({ prefix, limit: 10 })
      if (answer.status !== 200) throw new Refused(answer.data)
      return answer.data.online_users
    },
    async sendMessage(sender, recipient, message) {
      const answer = await sendMessage({ sender, recipient, message })
      if (answer.status !== 200) throw new Refused(answer.data)
      return answer.data.message_id
    },
    async pollMessages(username, lastId) {
      const answer = await pollMessages({ username, last_id: lastId })
      if (answer.status !== 200) throw new Refused(answer.data)
      return answer.data
    },
    async createRoom(admin, participants) {
      const answer = await createRoom({ admin, participants, visibility: 'private' })
      if (answer.status !== 200) throw new Refused(answer.data)
      return answer.data.room_id
    },
    async leaveRoom(username, roomId) {
      const answer = await leaveRoom({ username, room_id: roomId })
      if (answer.status !== 200) throw new Refused(answer.data)
      return answer.data.message
    },
    async getAnnouncement() {
      const answer = await getAnnouncement()
      if (answer.status !== 200) throw new Refused(answer.data)
      return answer.data.announcement
    },
    async eventTypes(username) {
      const answer = await streamEvents({ username, wait: 0 })
      if (answer.status !== 200) throw new Refused(answer.data)
      return pageOf(answer.data).events.map(({ type }) => type)
    },
  }
}

/** What must not compile: the types are those of the contract. */
export async function misuse(): Promise<void> {
  // @ts-expect-error a text is no number
  await sendMessage({ sender: 'alice', recipient: 'bob', message: 7 })
  // @ts-expect-error the recipient is missing
  await sendMessage({ message: 'Hello' })
}

/** An event is what its type says; what is not there for all of them does not compile. */
export function textOf(event: Known<Event>): string {
  // @ts-expect-error most events have no message
  if (event.message === undefined) return ''
  return event.type === 'message.created' ? event.message.message : event.type
}

import { messageText } from './requests.js'

/** A long chat as `chatroom import` takes it: a thousand users and rooms, each user in ten of them. */

const count = 1000
const membersOfRoom = 10
const start = Date.UTC(2026, 0, 1)

/** The name of a user, from 1 on. */
export const userName = (number: number): string => `user_${number}`

/** Lines of JSON, some thousands at a time. */
export function* chatLines(messages: number): Generator<string> {
  const numbers = Array.from({ length: count }, (_, index) => index + 1)
  const server = {
    type: 'server',
    format: 1,
    position: 1,
    time: start + messages,
    announcement: 'Welcome.\n',
    bounds: {
      users: 100_000,
      sessions_per_user: 100,
      rooms_per_user: 1000,
      room_members: 10_000,
      memberships: 1_000_000,
      idempotency_keys: 100_000,
    },
    newest_user: count,
    newest_room: count,
    newest_message: messages,
    expired: 0,
    users: count,
    rooms: count,
    memberships: count * membersOfRoom,
  }
  yield lines([server])
  yield lines(numbers.map(user))
  yield lines(numbers.map((number) => room(number, messages)))
  yield lines(numbers.flatMap(members))
  for (let first = 1; first <= messages; first += count) {
    const ids = numbers.map((number) => first + number - 1).filter((id) => id <= messages)
    yield lines(ids.map(message))
  }
}

const lines = (records: readonly object[]): string => records.map((record) => `${JSON.stringify(record)}\n`).join('')

const user = (number: number): object => ({
  type: 'user',
  number,
  name: userName(number),
  sessions: [String(number).padStart(4, '0').padEnd(43, 'A')],
  seen_at: start,
  seen_in: 1,
  newest: 0,
})

/** The rooms take turns, so its newest message is one of the last thousand. */
const room = (number: number, messages: number): object => ({
  type: 'room',
  number,
  visibility: 'private',
  admin: number,
  newest: messages - ((((messages - number) % count) + count) % count),
  expired: 0,
})

const members = (number: number): object[] =>
  Array.from({ length: membersOfRoom }, (_, index) => ({
    type: 'member',
    room: number,
    user: ((number + index - 1) % count) + 1,
  }))

function message(id: number): object {
  const number = ((id - 1) % count) + 1
  const sentAt = start + id
  return {
    type: 'message',
    target: -number,
    sender: number,
    sent_at: sentAt,
    message: {
      id,
      sender: userName(number),
      recipient: `room_${number}`,
      message: messageText(id),
      sent_at: new Date(sentAt).toISOString(),
    },
  }
}

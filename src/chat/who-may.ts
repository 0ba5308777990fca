import { ChatError } from './chat-error.js'
import type { ChatData } from './chat-data.js'
import type { MessageFacts } from './messages/message-json.js'
import { isRoom, type Member, type Room } from './tables/rooms.js'
import type { User } from './tables/users.js'

/**
 * How somebody stands to what it acts on: anybody, who is known or not; a user, to another; a member, or the admin, of the
 * room that it is or is in; oneself, or whoever has written it; the operator.
 */
export type Relation = 'anybody' | 'user' | 'member' | 'admin' | 'self' | 'operator'

/** Who may do what: the one place where that is said. README.md prints it. */
export const whoMay = {
  register: ['anybody'],
  login: ['anybody'],
  read_announcement: ['anybody'],
  set_announcement: ['operator'],
  list_online: ['anybody'],
  logout: ['self'],
  list_sessions: ['self'],
  end_session: ['self'],
  set_password: ['self'],
  create_ticket: ['self'],
  listen: ['self'],
  poll: ['self'],
  create_room: ['user'],
  leave_room: ['member', 'admin'],
  send: ['user', 'self', 'member', 'admin'],
  type: ['user', 'self', 'member', 'admin'],
  read_conversation: ['user', 'self', 'member', 'admin'],
  edit_message: ['self'],
  delete_message: ['self', 'admin'],
} as const satisfies Readonly<Record<string, readonly Relation[]>>

export type Act = keyof typeof whoMay

/** How a user stands to a user or a room; undefined if it has no part in it. */
function relationTo(to: User | Room, user: User): Relation | undefined {
  if (!isRoom(to)) return to === user ? 'self' : 'user'
  return to.members.get(user)?.role
}

/** @throws {ChatError} not_a_member, not_allowed */
export function checkMay(act: Act, user: User, to: User | Room): void {
  const relation = relationTo(to, user)
  if (relation === undefined) throw notAMember(user, to)
  if (!allows(act, relation)) throw notAllowed(act)
}

/**
 * @param message Of a conversation that is there.
 * @throws {ChatError} not_allowed
 */
export function checkMayChange(state: ChatData, act: Act, user: User, message: MessageFacts): void {
  const room = message.target < 0 ? state.rooms.find(-message.target) : undefined
  const relations = [
    ...(message.sender === user.number ? (['self'] as const) : []),
    ...(room?.admin?.user === user ? (['admin'] as const) : []),
  ]
  if (!relations.some((relation) => allows(act, relation))) throw notAllowed(act)
}

/** @throws {ChatError} operator_required */
export function checkMayOperate(act: Act, isOperator: boolean): void {
  if (!allows(act, isOperator ? 'operator' : 'anybody')) throw new ChatError('operator_required')
}

/** Whether a user may read a message: one of its own direct messages, or of a room that it is in now. */
export function mayRead(state: ChatData, user: User, id: number, message: MessageFacts): boolean {
  const { target, sender } = message
  if (!isThere(state, id, message)) return false
  if (target > 0) return target === user.number || sender === user.number
  return state.rooms.find(-target)?.members.has(user) === true
}

/** Whether a message can be read by anybody: it has not expired, nor has its room gone. */
export function isThere({ rooms, expired }: ChatData, id: number, { target }: MessageFacts): boolean {
  if (id <= expired) return false
  return target > 0 || id > (rooms.find(-target)?.messages.expired ?? Infinity)
}

/** Where there may be something for the user: its own inbox, and its rooms. */
export const conversationsOf = (user: User): (User | Room)[] => [user, ...user.rooms.keys()]

/** @throws {ChatError} not_a_member */
export function memberOf(room: Room, user: User): Member {
  const member = room.members.get(user)
  if (!member) throw notAMember(user, room)
  return member
}

const allows = (act: Act, relation: Relation): boolean => (whoMay[act] as readonly Relation[]).includes(relation)

const notAMember = (user: User, to: User | Room): ChatError =>
  new ChatError('not_a_member', `${user.name} is not a member of ${isRoom(to) ? to.id : to.name}.`)

const notAllowed = (act: Act): ChatError =>
  new ChatError('not_allowed', `To ${act.replaceAll('_', ' ')} is for: ${whoMay[act].join(', ')}.`)

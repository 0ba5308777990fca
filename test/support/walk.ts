import type { InjectOptions } from 'fastify'
import type { ErrorCode } from '../../schemas/errors.js'
import type { Act, Relation } from '../../src/chat/who-may.js'

/** Who tries everything: the admin of a room, a member, somebody who is in none, and the operator. */
export const callers = ['alice', 'bob', 'carol', 'operator'] as const
export type CallerName = (typeof callers)[number]

/** What there is to act on. Each caller stands to it in some way, or has no part in it. */
const relations = {
  /** What the server offers to all. */
  server: { alice: ['user'], bob: ['user'], carol: ['user'], operator: ['operator'] },
  /** The caller's own. */
  own: { alice: ['self'], bob: ['self'], carol: ['self'], operator: ['operator'] },
  /** Bob's account. */
  bob: { alice: ['user'], bob: ['self'], carol: ['user'], operator: ['operator'] },
  /** A private room that alice made, with bob. */
  room: { alice: ['admin'], bob: ['member'], carol: [], operator: ['operator'] },
  /** What bob has said there. */
  message: { alice: ['admin'], bob: ['self'], carol: [], operator: ['operator'] },
} as const satisfies Record<string, Record<CallerName, readonly Relation[]>>

/** What all of them find. */
export const room = 'room_1'
/** The first is the notice that the room is there. */
export const bobsMessage = 2

/** Of the accounts that there are. */
export const password = 'correct horse battery'

/** How the caller is said where there is no token, and may be said where there is one. */
type Named = readonly ['body' | 'query', 'username' | 'sender' | 'admin']

/** A way to act: an operation, or a frame. */
export interface Way {
  /** Undefined where nobody is asked who he is. */
  readonly act: Act | undefined
  readonly on: keyof typeof relations
  readonly named?: Named
  readonly method?: InjectOptions['method']
  readonly url?: string
  readonly query?: Readonly<Record<string, string>>
  readonly body?: object
  /** What whoever may is told, where that is a failure. */
  readonly outcome?: ErrorCode
}

export const relationsOf = ({ on }: Way, caller: CallerName): readonly Relation[] => relations[on][caller]

const send = { act: 'send', on: 'room', body: { recipient: room, message: 'Hello' } } as const satisfies Way
const type = { act: 'type', on: 'room', body: { recipient: room } } as const satisfies Way
const free = { act: undefined, on: 'server' } as const satisfies Way

/** Every operation of the document, by its id. One that is not here fails the test. */
export const operations: Readonly<Record<string, Way>> = {
  register: { act: 'register', on: 'server', method: 'POST', url: '/register', body: { username: 'newcomer' } },
  login: {
    act: 'login',
    on: 'server',
    method: 'POST',
    url: '/login',
    body: { username: 'dora', password },
  },
  updateUser: {
    act: 'set_password',
    on: 'bob',
    method: 'PATCH',
    url: '/users/bob',
    body: { password },
  },
  listOnlineUsers: { act: 'list_online', on: 'server', url: '/online' },
  listSessions: { act: 'list_sessions', on: 'own', url: '/sessions' },
  endSessions: { act: 'end_session', on: 'own', method: 'DELETE', url: '/sessions' },
  endSession: {
    act: 'end_session',
    on: 'own',
    method: 'DELETE',
    url: '/sessions/AAAAAAAAAAAAAAAAAAAAAA',
    outcome: 'session_not_found',
  },
  createTicket: { act: 'create_ticket', on: 'own', method: 'POST', url: '/tickets' },
  logout: { act: 'logout', on: 'own', named: ['body', 'username'], method: 'POST', url: '/logout', body: {} },
  sendMessage: { ...send, named: ['body', 'sender'], method: 'POST', url: '/send' },
  editMessage: {
    act: 'edit_message',
    on: 'message',
    named: ['body', 'username'],
    method: 'PATCH',
    url: `/messages/${bobsMessage}`,
    body: { message: 'Hello again' },
  },
  deleteMessage: {
    act: 'delete_message',
    on: 'message',
    named: ['query', 'username'],
    method: 'DELETE',
    url: `/messages/${bobsMessage}`,
  },
  listConversationMessages: {
    act: 'read_conversation',
    on: 'room',
    named: ['query', 'username'],
    url: `/conversations/${room}/messages`,
  },
  pollMessages: { act: 'poll', on: 'own', named: ['query', 'username'], url: '/messages' },
  createRoom: {
    act: 'create_room',
    on: 'server',
    named: ['body', 'admin'],
    method: 'POST',
    url: '/create_room',
    body: { participants: ['bob'] },
  },
  leaveRoom: {
    act: 'leave_room',
    on: 'room',
    named: ['body', 'username'],
    method: 'POST',
    url: '/leave_room',
    body: { room_id: room },
  },
  connectLive: { act: 'listen', on: 'own', named: ['query', 'username'], url: '/ws' },
  streamEvents: { act: 'listen', on: 'own', named: ['query', 'username'], url: '/events', query: { wait: '0' } },
  sendTyping: {
    act: 'type',
    on: 'room',
    named: ['body', 'username'],
    method: 'POST',
    url: `/conversations/${room}/typing`,
    body: {},
  },
  getAnnouncement: { act: 'read_announcement', on: 'server', url: '/announcement' },
  setAnnouncement: {
    act: 'set_announcement',
    on: 'server',
    method: 'PUT',
    url: '/announcement',
    body: { announcement: 'Hello to all' },
  },
  getHealth: { ...free, url: '/health' },
  getReadiness: { ...free, url: '/ready' },
}

/** Every frame of a client, by its type. */
export const frames: Readonly<Record<string, Way>> = {
  send,
  typing: type,
  ping: { ...free, body: {} },
}

import type { Command, CommandOf } from '../../schemas/commands.js'
import type { Entry } from '../log/log.js'
import { send } from './apply/messages.js'
import type { Outcomes } from './apply/outcomes.js'
import { createRoom, leaveRoom } from './apply/rooms.js'
import { closeSession, expireGuests, openSession, register, remove, touch } from './apply/users.js'
import { ChatError } from './chat-error.js'
import type { ChatEvent } from './events.js'
import { MessageStore } from './state/message-store.js'
import { Rooms } from './state/rooms.js'
import { SentKeys, type Sent } from './state/sent-keys.js'
import { Users, type User } from './state/users.js'

/** The bounds on what strangers can fill. */
export interface Bounds {
  readonly users: number
  readonly sessionsPerUser: number
  readonly roomsPerUser: number
  readonly roomMembers: number
  /** Of all rooms together. */
  readonly memberships: number
  readonly idempotencyKeys: number
  /** Bytes. */
  readonly messageMemory: number
}

type Handlers = { readonly [T in Command['type']]: (state: ChatState, command: CommandOf<T>) => Outcomes[T] }

const handlers: Handlers = {
  register,
  open_session: openSession,
  close_session: closeSession,
  remove_guest: remove,
  touch,
  expire_guests: expireGuests,
  send,
  create_room: createRoom,
  leave_room: leaveRoom,
  announce(state, { text }) {
    state.announcement = text
  },
}

const tellNobody = (): void => undefined

/**
 * Users, rooms and messages, in memory. It changes by {@link apply} alone, which is deterministic: no clock, no
 * randomness, no I/O. Two states that were given the same entries are equal.
 */
export class ChatState {
  readonly users: Users
  readonly rooms: Rooms
  readonly messages: MessageStore
  readonly sentKeys: SentKeys
  announcement = ''
  /** The time of the latest entry, in ms since the epoch. It does not go back when a clock is set back. */
  time = 0

  /** @param emit Told what happens, when it has happened. */
  constructor(
    bounds: Bounds,
    readonly emit: (event: ChatEvent) => void = tellNobody,
  ) {
    this.users = new Users(bounds.users, bounds.sessionsPerUser)
    this.rooms = new Rooms(bounds.roomsPerUser, bounds.roomMembers, bounds.memberships)
    this.messages = new MessageStore(bounds.messageMemory)
    this.sentKeys = new SentKeys(bounds.idempotencyKeys)
  }

  /** @throws {ChatError} if the command is not valid at its place; nothing but {@link time} has changed then. */
  apply({ at, command }: Entry): Outcomes[Command['type']] {
    if (at > this.time) this.time = at
    const handle = handlers[command.type] as (state: ChatState, command: Command) => Outcomes[Command['type']]
    return handle(this, command)
  }

  /**
   * The send of this user with this `client_id`, if there was one.
   * @throws {ChatError} client_id_reused if it had other content.
   */
  sentBefore(user: User, clientId: string, contentHash: string): Sent | undefined {
    const first = this.sentKeys.find(user.number, clientId)
    if (first && first.contentHash !== contentHash) {
      throw new ChatError(
        'client_id_reused',
        `The client_id "${clientId}" was used for message ${first.messageId}, which has other content.`,
      )
    }
    return first
  }
}

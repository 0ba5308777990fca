import type { Bounds, Command, CommandOf } from '../../schemas/commands.js'
import { judgeClock } from './apply/clock.js'
import { send } from './apply/messages.js'
import type { Outcomes } from './apply/outcomes.js'
import { expireMessages } from './apply/retention.js'
import { createRoom, leaveRoom, leaveRooms } from './apply/rooms.js'
import { skipIds } from './apply/skip-ids.js'
import { closeSession, expireGuests, noteActive, openSession, register, remove } from './apply/users.js'
import type { CommandEntry } from './command-log.js'
import type { ChatEvent } from './events.js'
import { MessageStore } from './state/message-store.js'
import { Rooms } from './state/rooms.js'
import { sameContent, SentKeys, type Sent } from './state/sent-keys.js'
import { Users, type User } from './state/users.js'

type Handlers = { readonly [T in Command['type']]: (state: ChatState, command: CommandOf<T>) => Outcomes[T] }

const handlers: Handlers = {
  configure(state, { bounds }) {
    const floor = state.sentKeys.floor(state.messages.newest)
    Object.assign(state.bounds, bounds)
    // What has been forgotten does not come back, neither here nor on replay.
    state.sentKeys.since = floor
    state.emit({ type: 'configured' })
  },
  register,
  open_session: openSession,
  close_session: closeSession,
  remove_guest: remove,
  touch: noteActive,
  expire_guests: expireGuests,
  send,
  create_room: createRoom,
  leave_room: leaveRoom,
  leave_rooms: leaveRooms,
  expire_messages: expireMessages,
  announce(state, { text, instead_of: insteadOf }) {
    state.announcement = text
    state.announcedInsteadOf = insteadOf
    state.emit({ type: 'announced' })
  },
  judge_clock: judgeClock,
  skip_ids: skipIds,
}

const tellNobody = (): void => undefined

/** Until the log says otherwise. */
const most = Number.MAX_SAFE_INTEGER
const unbounded: Bounds = {
  users: most,
  sessions_per_user: most,
  rooms_per_user: most,
  room_members: most,
  memberships: most,
  idempotency_keys: most,
}

/**
 * Users, rooms and messages, in memory. It changes by {@link apply} alone, which is deterministic: no clock, no
 * randomness, no I/O. Two states that were given the same entries are equal.
 */
export class ChatState {
  readonly bounds: Bounds = { ...unbounded }
  readonly users: Users
  readonly rooms: Rooms
  readonly messages: MessageStore
  readonly sentKeys: SentKeys
  announcement = ''
  /** What the file says, as its hash, where the announcement is another. */
  announcedInsteadOf: string | undefined
  /** The time of the latest entry, in ms since the epoch. It does not go back when a clock is set back, unless that had been ahead. */
  time = 0
  /** Since when the clock may be ahead; undefined if it is right. */
  clockDoubtedSince: number | undefined
  /** The latest time that was said by a clock that was ahead; 0 if none was. */
  latestTime = 0
  /** The newest message that has been deleted for its age, with all before. */
  expired = 0
  /** The position of the latest entry. */
  position = 0
  private events: ChatEvent[] = []

  /**
   * @param messageMemory Bytes that messages may take.
   * @param publish Told what has happened, entry by entry.
   */
  constructor(
    messageMemory: number,
    private readonly publish: (event: ChatEvent) => void = tellNobody,
  ) {
    this.users = new Users(this.bounds)
    this.rooms = new Rooms(this.bounds, this.users)
    this.messages = new MessageStore(messageMemory)
    this.sentKeys = new SentKeys(this.bounds)
  }

  /**
   * @throws {ChatError} if the command is not valid at its place; nothing but {@link time} and {@link position} has
   * changed then.
   */
  apply({ position, at, command }: CommandEntry): Outcomes[Command['type']] {
    this.position = position
    if (at > this.time) this.time = at
    const events: ChatEvent[] = (this.events = [])
    const handle = handlers[command.type] as (state: ChatState, command: Command) => Outcomes[Command['type']]
    const outcome = handle(this, command)
    for (const event of events) this.publish(event)
    return outcome
  }

  /** Notes what the entry does, to be published when it has been applied. */
  emit(event: ChatEvent): void {
    this.events.push(event)
  }

  /**
   * The send of this user with this `client_id`, if there was one.
   * @throws {ChatError} client_id_reused if it had other content.
   */
  sentBefore(user: User, clientId: string, contentHash: string): Sent | undefined {
    const first = this.sentKeys.find(user.number, clientId, this.messages.newest, this.time)
    return first && sameContent(first, clientId, contentHash)
  }
}

import { isDeepStrictEqual } from 'node:util'
import type { PollQuery, SendRequest, SendResult } from '../../schemas/messages.js'
import type { CreateRoomRequest } from '../../schemas/rooms.js'
import type { OnlineQuery, SessionResult } from '../../schemas/users.js'
import type { Bounds } from '../../schemas/commands.js'
import { fixed } from '../../schemas/limits.js'
import { PacedLog } from '../archive/paced-log.js'
import type { Storage } from '../node/storage.js'
import { holdMs, LongPolls } from '../hub/long-polls.js'
import type { PresenceTimes } from '../hub/presence.js'
import type { Beginning, Caller, Sink, Subscription } from '../hub/subscription.js'
import type { Window } from '../log/log-file.js'
import { Access, type AuthMode, type Credentials } from './access.js'
import { ChatError } from './chat-error.js'
import { Clock } from './clock.js'
import { ChatState } from './chat-state.js'
import { CommandLog } from './command-log.js'
import { Departures } from './departures.js'
import { Guests } from './guests.js'
import { History } from './history.js'
import { LiveEvents } from '../hub/live-events.js'
import { pageJson } from './page.js'
import { recover } from './recovery.js'
import { Retention } from './retention.js'
import { Sends } from './sends.js'
import { Sessions } from './sessions.js'
import { checkMember } from './state/rooms.js'
import { bytesOfRoom, checkStored } from './state/stored-bytes.js'
import type { User } from './state/users.js'
import { Typing } from '../hub/typing.js'

/** Messages whose `client_id` is looked for in memory, at least, where there is an archive. */
const leastKeys = 50_000

export interface ChatOptions {
  readonly storage: Storage
  readonly auth: AuthMode
  readonly bounds: Bounds
  /** Memory for messages, in bytes. */
  readonly messageMemory: number
  /** How long a guest may be idle, in ms. */
  readonly guestTtl: number
  /** Days for which messages are kept; 0 is for ever. */
  readonly retention: number
  /** How much of what was told live is kept for those who come back. */
  readonly window: Window
  /** How presence is told; as in production, unless said otherwise. */
  readonly presenceTimes?: PresenceTimes | undefined
  /** Gives the time, in ms since the epoch. */
  readonly now?: () => number
  /** Whether somebody says that the clock is right, though it has leapt. */
  readonly clockIsRight?: boolean | undefined
  /** Told what an operator should know, in words. */
  readonly warn?: (message: string) => void
  /** Told of what goes wrong by itself, without a request, and in words what that comes to. */
  readonly complain?: (error: unknown, message: string) => void
  /** Told how far the log has been read, as long as that takes. */
  readonly onProgress?: (position: number, newest: number) => void
}

/**
 * The one door to the chat. Commands check early, for a good error, then go through the log; queries read the state at
 * once. Every method may throw what {@link Access} throws, every command `log_unavailable` or `outcome_unknown`.
 */
export class ChatService {
  private readonly state: ChatState
  private readonly log: CommandLog
  private readonly polls: LongPolls
  private readonly access: Access
  private readonly guests: Guests
  private readonly history: History
  private readonly sessions: Sessions
  private readonly sends: Sends
  private readonly clock: Clock
  private readonly retention: Retention
  private readonly storage: Storage
  private readonly live: LiveEvents
  private readonly typing: Typing
  private readonly now: () => number

  private constructor(options: ChatOptions) {
    const { storage, auth, messageMemory, guestTtl, retention, now = Date.now, complain = () => undefined } = options
    const { clockIsRight: isRight = false, warn = () => undefined } = options
    const { log, archive } = storage
    this.storage = storage
    this.now = now
    this.log = new CommandLog(archive ? new PacedLog(log, archive) : log)
    this.state = new ChatState(messageMemory, (event) => {
      archive?.note(event)
      this.live.take(event)
    })
    this.access = new Access(this.state.users, auth)
    this.live = new LiveEvents(this.state, this.access, log, {
      ...options,
      now,
      keep: (event) => archive?.noteLive(event),
    })
    const { hub } = this.live
    this.history = new History(this.state, archive)
    this.polls = new LongPolls(hub)
    this.typing = new Typing(this.state, hub, now)
    const departures = new Departures(this.log)
    this.guests = new Guests(this.state, this.log, hub, departures, guestTtl, now, (error) =>
      complain(error, 'idle guests could not be removed; it is tried again'),
    )
    this.sessions = new Sessions(this.state, this.log, this.guests, departures)
    this.sends = new Sends(this.state, this.log, archive, now)
    this.clock = new Clock(this.state, this.log, { now, isRight, warn })
    this.retention = new Retention(this.state, this.log, this.history, retention, this.clock.trusted, (error) =>
      complain(error, 'old messages could not be deleted; it is tried again'),
    )
  }

  /** Opens the log, and with it the chat. */
  static async open(options: ChatOptions): Promise<ChatService> {
    const chat = new ChatService(options)
    try {
      await recover(chat.state, chat.log, chat.live.window, options)
      await chat.clock.start()
      await chat.configure(options.bounds)
      chat.guests.start()
      await chat.retention.start()
      return chat
    } catch (error) {
      await chat.close()
      throw error
    }
  }

  /** Whether the caller shows the token of a session. */
  knows(credentials: Credentials): boolean {
    return this.access.knows(credentials)
  }

  /** Whether commands can be written at present. */
  get available(): boolean {
    return this.log.available
  }

  /** @throws {ChatError} username_reserved, username_taken, server_full */
  register(username: string, password?: string): Promise<SessionResult> {
    return this.sessions.register(username, password)
  }

  /** @throws {ChatError} bad_credentials */
  login(username: string, password: string): Promise<SessionResult> {
    return this.sessions.login(username, password)
  }

  async logout(username: string, credentials: Credentials): Promise<string> {
    return this.sessions.logout(this.access.actAs(username, credentials), credentials)
  }

  /** A page of the names of those who are online, sorted without regard to case. */
  online(
    { prefix = '', after = '', limit = fixed.page.unpaged }: OnlineQuery,
    credentials: Credentials,
  ): { names: string[]; hasMore: boolean; connected: string[] } {
    this.access.look(credentials)
    const found = this.state.users.onlineNames(prefix, after, limit + 1)
    const names = found.slice(0, limit)
    const connected = names.filter((name) => this.live.isConnected(this.state.users.named(name)))
    return { names, hasMore: found.length > limit, connected }
  }

  /** The user as whom somebody would {@link listen}. @throws {ChatError} user_not_found */
  listener(username: string | undefined, credentials: Credentials): User {
    const user = this.access.speaker(username, credentials)
    this.guests.seen(user)
    return user
  }

  /** Listens, until the sink closes. To be called in the same turn as {@link listener}, with the user that it gave. */
  listen(caller: Caller, beginning: Beginning, sink: Sink): Subscription {
    return this.live.listen(caller, beginning, sink)
  }

  /** Tells those who listen that somebody is typing. @throws {ChatError} user_not_found, room_not_found, not_a_member */
  type(username: string, recipient: string, credentials: Credentials): void {
    this.typing.tell(this.actAs(username, credentials), recipient)
  }

  /** @throws {ChatError} user_not_found, room_not_found, not_a_member, client_id_reused */
  async send(request: SendRequest, credentials: Credentials): Promise<SendResult> {
    return this.sends.send(this.actAs(request.sender, credentials), request)
  }

  /**
   * A page of the messages that are new to the user, as the JSON of a `PollResult`. If there are none, it is held until
   * there are, the time is over, or the client has hung up.
   */
  async poll(
    { username, last_id: lastId = 0, limit = fixed.page.unpaged, wait = 0 }: PollQuery,
    credentials: Credentials,
    hungUp?: AbortSignal,
  ): Promise<Buffer> {
    const until = performance.now() + holdMs(wait)
    let user = this.actAs(username, credentials)
    while (!this.history.hasNew(user, lastId) && (await this.polls.wait(user, until - performance.now(), hungUp)))
      user = this.actAs(username, credentials)
    const found = this.history.page(user, lastId, limit)
    const page = found instanceof Promise ? await found : found
    // Who has gone meanwhile reads nothing any more; nor does the next holder of the name.
    if (page !== found && this.actAs(username, credentials) !== user) throw new ChatError('user_not_found')
    return pageJson(this.state.messages, page, user.number)
  }

  /** @throws {ChatError} user_not_found, room_full, too_many_rooms, too_many_participants, server_full */
  async createRoom(
    { admin, participants, name, topic, visibility = 'private', retention }: CreateRoomRequest,
    credentials: Credentials,
  ): Promise<{ roomNumber: number; roomId: string }> {
    const creator = this.actAs(admin, credentials)
    const members = participants.map((participant) => this.state.users.named(participant))
    const all = new Set([creator, ...members])
    this.state.rooms.checkNew(creator, all)
    checkStored(this.state.bounds, creator, bytesOfRoom(all.size), Math.max(this.now(), this.state.time))
    return this.log.append<'create_room'>({
      type: 'create_room',
      admin: creator.number,
      participants: members.map((member) => member.number),
      visibility,
      ...(name !== undefined && { name }),
      ...(topic !== undefined && { topic }),
      ...(retention !== undefined && { retention }),
    })
  }

  /** @throws {ChatError} room_not_found, not_a_member */
  async leaveRoom(username: string, roomId: string, credentials: Credentials): Promise<string> {
    const user = this.actAs(username, credentials)
    const room = this.state.rooms.named(roomId)
    checkMember(room, user)
    await this.log.append<'leave_room'>({ type: 'leave_room', user: user.number, room: room.number })
    return `${user.name} has left ${room.id}.`
  }

  announcement(): string {
    return this.state.announcement
  }

  get announcedInsteadOf(): string | undefined {
    return this.state.announcedInsteadOf
  }

  /**
   * Sets the announcement, if it is another.
   * @param insteadOf What its file says, as a hash, if that is something else.
   */
  async announce(text: string, insteadOf?: string): Promise<void> {
    const { announcement, announcedInsteadOf } = this.state
    if (text === announcement && insteadOf === announcedInsteadOf) return
    await this.log.append<'announce'>({
      type: 'announce',
      text,
      ...(insteadOf !== undefined && { instead_of: insteadOf }),
    })
  }

  /** Answers those who wait; nobody is made to wait from here on. May be called twice. */
  releasePolls(): void {
    this.polls.close()
  }

  /** Ends it: commits what is under way. May be called twice. */
  async close(): Promise<void> {
    this.guests.stop()
    this.clock.stop()
    this.retention.stop()
    this.live.close()
    this.releasePolls()
    await this.log.close()
    await this.storage.archive?.close()
    this.storage.release()
  }

  /** Puts the bounds into the log, if they are others. */
  private async configure(wanted: Bounds): Promise<void> {
    // A client_id that is not in memory any more must be in the archive, which follows at some distance.
    const keys = this.storage.archive ? leastKeys : 0
    const bounds = { ...wanted, idempotency_keys: Math.max(wanted.idempotency_keys, keys) }
    if (!isDeepStrictEqual(bounds, this.state.bounds)) await this.log.append<'configure'>({ type: 'configure', bounds })
  }

  private actAs(name: string, credentials: Credentials): User {
    const user = this.access.actAs(name, credentials)
    this.guests.seen(user)
    return user
  }
}

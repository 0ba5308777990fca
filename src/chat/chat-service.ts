import { isDeepStrictEqual } from 'node:util'
import type { PollQuery, SendRequest, SendResponse } from '../../schemas/messages.js'
import type { CreateRoomRequest } from '../../schemas/rooms.js'
import type { OnlineQuery, SessionResponse } from '../../schemas/users.js'
import type { Bounds } from '../../schemas/commands.js'
import { fixed } from '../../schemas/limits.js'
import { Hub } from '../hub/hub.js'
import { LongPolls } from '../hub/long-polls.js'
import type { Log } from '../log/log.js'
import { Access, type AuthMode, type Credentials } from './access.js'
import { ChatError } from './chat-error.js'
import { ChatState } from './chat-state.js'
import { Guests } from './guests.js'
import { isReserved, meansRoom, nameKey } from './names.js'
import { pageJson } from './page.js'
import { hashContent, hashPassword, hashToken, newToken, verifyPassword } from './secrets.js'
import { isoTime } from './state/message-json.js'
import { mergeAfter } from './state/inbox.js'
import { checkMember } from './state/rooms.js'
import { isGuest, type User } from './state/users.js'

/** The bytes of a page at most, unless one message alone has more. */
const pageSize = 2 ** 20

export interface ChatOptions {
  readonly log: Log
  readonly auth: AuthMode
  readonly bounds: Bounds
  /** Memory for messages, in bytes. */
  readonly messageMemory: number
  /** How long a guest may be idle, in ms. */
  readonly guestTtl: number
  /** Gives the time, in ms since the epoch. */
  readonly now?: () => number
}

/**
 * The one door to the chat. Commands check early, for a good error, then go through the log; queries read the state at
 * once. Every method may throw what {@link Access} throws, every command `log_unavailable`.
 */
export class ChatService {
  private readonly state: ChatState
  private readonly log: Log
  private readonly polls: LongPolls
  private readonly access: Access
  private readonly guests: Guests

  private constructor({ log, auth, messageMemory, guestTtl, now = Date.now }: ChatOptions) {
    const hub = new Hub()
    this.log = log
    this.state = new ChatState(messageMemory, (event) => {
      hub.publish(event)
    })
    this.polls = new LongPolls(hub)
    this.access = new Access(this.state.users, auth)
    this.guests = new Guests(this.state, log, hub, guestTtl, now)
  }

  /** Opens the log, and with it the chat. */
  static async open(options: ChatOptions): Promise<ChatService> {
    const chat = new ChatService(options)
    await options.log.open((entry) => chat.state.apply(entry))
    await chat.configure(options.bounds)
    chat.guests.start()
    return chat
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
  async register(username: string, password?: string): Promise<SessionResponse> {
    if (isReserved(username))
      throw new ChatError(
        'username_reserved',
        `"${username}" cannot be registered: "server" and names that begin with "room_" belong to the server.`,
      )
    const idleBefore = this.guests.idleBefore(username)
    if (idleBefore === undefined) this.state.users.checkFree(username)
    const passwordHash = password === undefined ? undefined : await hashPassword(password)
    const token = newToken()
    const session = await this.log.append<'register'>({
      type: 'register',
      username,
      token_hash: hashToken(token),
      ...(passwordHash !== undefined && { password_hash: passwordHash }),
      ...(idleBefore !== undefined && { idle_before: idleBefore }),
    })
    return { status: 'success', message: `${session.username} is registered.`, username: session.username, token }
  }

  /** @throws {ChatError} bad_credentials */
  async login(username: string, password: string): Promise<SessionResponse> {
    const account = this.state.users.find(username)
    const known = await verifyPassword(account?.passwordHash, password)
    if (!known || !account) throw new ChatError('bad_credentials')
    const token = newToken()
    const session = await this.log.append<'open_session'>({
      type: 'open_session',
      user: account.number,
      token_hash: hashToken(token),
    })
    return { status: 'success', message: `${session.username} is logged in.`, username: session.username, token }
  }

  async logout(username: string, credentials: Credentials): Promise<string> {
    const user = this.access.actAs(username, credentials)
    if (isGuest(user)) await this.log.append<'remove_guest'>({ type: 'remove_guest', user: user.number })
    else
      await this.log.append<'close_session'>({
        type: 'close_session',
        user: user.number,
        token_hash: credentials.tokenHash ?? '',
      })
    return `${user.name} is logged out.`
  }

  /** A page of the names of those who are online, sorted without regard to case. */
  online(
    { prefix = '', after = '', limit = fixed.page.unpaged }: OnlineQuery,
    credentials: Credentials,
  ): { names: string[]; hasMore: boolean } {
    this.access.look(credentials)
    const names = this.state.users.onlineNames(prefix, after, limit + 1)
    return { names: names.slice(0, limit), hasMore: names.length > limit }
  }

  /** @throws {ChatError} user_not_found, room_not_found, not_a_member, client_id_reused */
  async send(request: SendRequest, credentials: Credentials): Promise<SendResponse> {
    const sender = this.actAs(request.sender, credentials)
    const { recipient, message: text, client_id: clientId } = request
    const contentHash = clientId === undefined ? undefined : hashContent(nameKey(recipient), text)
    const first =
      clientId !== undefined && contentHash !== undefined && this.state.sentBefore(sender, clientId, contentHash)
    const sent =
      first ||
      (await this.log.append<'send'>({
        type: 'send',
        sender: sender.number,
        ...this.resolve(recipient, sender),
        text,
        ...(clientId !== undefined && contentHash !== undefined && { client_id: clientId, content_hash: contentHash }),
      }))
    return {
      status: 'success',
      message: `Message sent to ${sent.recipient}.`,
      message_id: sent.messageId,
      sent_at: isoTime(sent.sentAt),
      ...(clientId !== undefined && { client_id: clientId }),
    }
  }

  /**
   * A page of the messages that are new to the user, as the JSON of a `PollResponse`. If there are none, it is held until
   * there are, the time is over, or the client has hung up.
   */
  async poll(
    { username, last_id: lastId = 0, limit = fixed.page.unpaged, wait = 0 }: PollQuery,
    credentials: Credentials,
    hungUp?: AbortSignal,
  ): Promise<Buffer> {
    const until = performance.now() + wait * 1000
    let user = this.actAs(username, credentials)
    let ids = this.newTo(user, lastId, limit + 1)
    while (ids.length === 0 && (await this.polls.wait(user, until - performance.now(), hungUp))) {
      user = this.actAs(username, credentials)
      ids = this.newTo(user, lastId, limit + 1)
    }
    const count = this.state.messages.fitting(ids.slice(0, limit), pageSize)
    const page = ids.slice(0, count)
    return pageJson(this.state.messages, page, user.number, page.at(-1) ?? lastId, ids.length > count)
  }

  /** @throws {ChatError} user_not_found, room_full, too_many_rooms */
  async createRoom(
    { admin, participants, name, topic, visibility = 'private' }: CreateRoomRequest,
    credentials: Credentials,
  ): Promise<{ roomNumber: number; roomId: string }> {
    const creator = this.actAs(admin, credentials)
    const members = participants.map((participant) => this.userNamed(participant))
    this.state.rooms.checkMembers(new Set([creator, ...members]))
    return this.log.append<'create_room'>({
      type: 'create_room',
      admin: creator.number,
      participants: members.map((member) => member.number),
      visibility,
      ...(name !== undefined && { name }),
      ...(topic !== undefined && { topic }),
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

  /** Sets the announcement, if it is another. */
  async announce(text: string): Promise<void> {
    if (text !== this.state.announcement) await this.log.append<'announce'>({ type: 'announce', text })
  }

  /** Answers those who wait; nobody is made to wait from here on. May be called twice. */
  releasePolls(): void {
    this.polls.close()
  }

  /** Ends it: commits what is under way. May be called twice. */
  async close(): Promise<void> {
    this.guests.stop()
    this.releasePolls()
    await this.log.close()
  }

  /** Puts the bounds into the log, if they are others. */
  private async configure(bounds: Bounds): Promise<void> {
    if (!isDeepStrictEqual(bounds, this.state.bounds)) await this.log.append<'configure'>({ type: 'configure', bounds })
  }

  private actAs(name: string, credentials: Credentials): User {
    const user = this.access.actAs(name, credentials)
    this.guests.seen(user)
    return user
  }

  private userNamed(name: string): User {
    const user = this.state.users.find(name)
    if (!user) throw new ChatError('user_not_found', `There is no user "${name}".`)
    return user
  }

  private resolve(recipient: string, sender: User): { to_room: number } | { to_user: number } {
    if (!meansRoom(recipient)) return { to_user: this.userNamed(recipient).number }
    const room = this.state.rooms.named(recipient)
    checkMember(room, sender)
    return { to_room: room.number }
  }

  private newTo(user: User, lastId: number, count: number): number[] {
    const { messages } = this.state
    const lists = [user.messages, ...Array.from(user.rooms, (room) => room.messages)]
    return mergeAfter(lists, Math.max(lastId, messages.floor - 1), count)
  }
}

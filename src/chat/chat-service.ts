import { isDeepStrictEqual } from 'node:util'
import type { PollQuery, SendRequest, SendResponse } from '../../schemas/messages.js'
import type { CreateRoomRequest } from '../../schemas/rooms.js'
import type { OnlineQuery, SessionResponse } from '../../schemas/users.js'
import type { Bounds } from '../../schemas/commands.js'
import { fixed } from '../../schemas/limits.js'
import type { Archive } from '../archive/archive.js'
import { PacedLog } from '../archive/paced-log.js'
import type { Storage } from '../folder/storage.js'
import { Hub } from '../hub/hub.js'
import { LongPolls } from '../hub/long-polls.js'
import type { Log } from '../log/log.js'
import { Access, type AuthMode, type Credentials } from './access.js'
import { ChatError } from './chat-error.js'
import { ChatState } from './chat-state.js'
import { Guests } from './guests.js'
import { History } from './history.js'
import { isReserved, meansRoom, nameKey } from './names.js'
import { pageJson } from './page.js'
import { hashContent, hashPassword, hashToken, newToken, verifyPassword } from './secrets.js'
import { sameContent, type Sent } from './state/sent-keys.js'
import { isoTime } from './state/message-json.js'
import { checkMember } from './state/rooms.js'
import { isGuest, type User } from './state/users.js'

export interface ChatOptions {
  readonly storage: Storage
  readonly auth: AuthMode
  readonly bounds: Bounds
  /** Memory for messages, in bytes. */
  readonly messageMemory: number
  /** How long a guest may be idle, in ms. */
  readonly guestTtl: number
  /** Gives the time, in ms since the epoch. */
  readonly now?: () => number
  /** Told how far the log has been read, as long as that takes. */
  readonly onProgress?: (position: number, newest: number) => void
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
  private readonly history: History
  private readonly archive: Archive | undefined
  private readonly storage: Storage
  private readonly now: () => number

  private constructor({ storage, auth, messageMemory, guestTtl, now = Date.now }: ChatOptions) {
    const { log, archive } = storage
    const hub = new Hub()
    this.storage = storage
    this.log = archive ? new PacedLog(log, archive) : log
    this.archive = archive
    this.now = now
    this.state = new ChatState(messageMemory, (event) => {
      archive?.note(event)
      hub.publish(event)
    })
    this.history = new History(this.state, archive)
    this.polls = new LongPolls(hub)
    this.access = new Access(this.state.users, auth)
    this.guests = new Guests(this.state, this.log, hub, guestTtl, now)
  }

  /** Opens the log, and with it the chat. */
  static async open(options: ChatOptions): Promise<ChatService> {
    const chat = new ChatService(options)
    try {
      await chat.recover(options.onProgress)
      await chat.configure(options.bounds)
      chat.guests.start()
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
      clientId !== undefined && contentHash !== undefined && (await this.sentBefore(sender, clientId, contentHash))
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
    while (!this.history.hasNew(user, lastId) && (await this.polls.wait(user, until - performance.now(), hungUp)))
      user = this.actAs(username, credentials)
    const found = this.history.page(user, lastId, limit)
    const page = found instanceof Promise ? await found : found
    // Who has gone meanwhile reads nothing any more; nor does the next holder of the name.
    if (page !== found && this.actAs(username, credentials) !== user) throw new ChatError('user_not_found')
    return pageJson(this.state.messages, page, user.number)
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
    await this.archive?.close()
    this.storage.release()
  }

  /** Brings the state to where the log ends. */
  private async recover(onProgress: ChatOptions['onProgress']): Promise<void> {
    await this.archive?.restore(this.state)
    const pause = async (position: number, newest: number): Promise<void> => {
      onProgress?.(position, newest)
      await this.archive?.room()
    }
    await this.log.open((entry) => this.state.apply(entry), { after: this.state.position, pause })
  }

  /** The send of this user with this `client_id`, if there was one that is remembered or archived. */
  private async sentBefore(sender: User, clientId: string, contentHash: string): Promise<Sent | undefined> {
    const remembered = this.state.sentBefore(sender, clientId, contentHash)
    if (remembered || !this.archive) return remembered
    const archived = await this.archive.sent(sender.number, clientId, Math.max(this.now(), this.state.time))
    if (!archived) return undefined
    const { message_id: messageId, sent_at: sentAt, recipient, content_hash } = archived
    return sameContent({ messageId, sentAt, recipient, contentHash: content_hash }, clientId, contentHash)
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
}

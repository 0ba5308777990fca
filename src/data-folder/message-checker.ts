import type { MessageRecord, RoomRow, SentRow, ServerRecord, UserRow } from '../../schemas/rows.js'
import { isoTime } from '../chat/messages/message-json.js'
import { nameKey, roomNumber, serverName } from '../chat/names.js'
import type { Tell } from './record-checker.js'

/** What is looked at of a message that came before. */
export interface KeptMessage {
  readonly sender: number
  readonly sent_at: number
  readonly client_id: string | null
}

/** Holds messages, and what was answered to sends, to the rest. */
export class MessageChecker {
  private last = 0
  private lastTime = 0
  /** Of the conversations that there are: those that are gone may have had many. */
  private readonly oldest = new Map<number, number>()
  private readonly newest = new Map<number, number>()
  /** Users and rooms that there are: the names of users, and the newest message that each says it had. */
  private readonly names = new Map<number, string>()
  private readonly numbers = new Map<string, number>()
  private readonly newestOf = new Map<number, number>()

  constructor(
    private readonly tell: Tell,
    private readonly messageOf: (id: number) => KeptMessage | undefined,
  ) {}

  /** Remembers to whom messages may go. */
  note(table: string, row: object): void {
    if (table === 'users') {
      const { number, name, newest } = row as UserRow
      this.names.set(number, name)
      this.numbers.set(nameKey(name), number)
      this.newestOf.set(number, newest)
    } else if (table === 'rooms') {
      const { number, newest } = row as RoomRow
      this.newestOf.set(-number, newest)
    }
  }

  checkMessage({ target, sender, sent_at, client_id, message }: MessageRecord, server: ServerRecord): void {
    const { id, sender: senderName, recipient } = message
    if (id <= this.last) this.tell(`its id is not greater than ${this.last}, that of the message before`)
    if (id > server.newest_message)
      this.tell(`its id is greater than ${server.newest_message}, the newest of the server`)
    // Where the clock was ahead once, times went back once.
    if (sent_at < this.lastTime && server.latest_time === undefined) this.tell('it was sent before the message before')
    if (sent_at > Math.max(server.time, server.latest_time ?? 0))
      this.tell(`it was sent at ${sent_at}, but the server has come to ${server.time}`)
    if (message.sent_at !== isoTime(sent_at)) this.tell(`${message.sent_at} is not ${sent_at} ms`)
    if (message.client_id !== undefined) this.tell('its client_id would be seen by all: it belongs beside the message')
    this.checkTarget(target, recipient, server)
    this.checkSender(sender, senderName, server)
    if (sender === 0 && client_id !== undefined) this.tell('a notice of the server has a client_id')
    this.last = Math.max(this.last, id)
    this.lastTime = sent_at
    if (!this.newestOf.has(target)) return
    if (!this.oldest.has(target)) this.oldest.set(target, id)
    this.newest.set(target, id)
  }

  /** Each conversation that has messages has its newest; old ones may have been deleted. */
  endOfMessages(): void {
    for (const [target, said] of this.newestOf) {
      const newest = this.newest.get(target)
      const whose = target < 0 ? `room ${-target}` : `user ${target}`
      if (newest !== undefined && newest !== said)
        this.tell(`the newest message of ${whose} is ${newest}, but there was message ${said}`)
    }
  }

  checkSent({ sender, client_id, message_id, sent_at, recipient }: SentRow, server: ServerRecord): void {
    if (sender === 0 || sender > server.newest_user) this.tell(`its sender, user ${sender}, cannot have been there`)
    if (message_id > server.newest_message) this.tell(`message ${message_id} cannot have been there`)
    const message = this.messageOf(message_id)
    if (!message) {
      // It has been deleted with all that was older in the same conversation, or else it is lost.
      const oldest = this.oldest.get(this.targetNamed(recipient) ?? 0)
      if (oldest !== undefined && oldest < message_id) this.tell(`message ${message_id} is missing`)
    } else if (message.sender !== sender || message.client_id !== client_id || message.sent_at !== sent_at)
      this.tell(`message ${message_id} is another one`)
  }

  /** The user or room that is called so now. */
  private targetNamed(recipient: string): number | undefined {
    const room = roomNumber(recipient)
    return room === undefined ? this.numbers.get(nameKey(recipient)) : -room
  }

  private checkTarget(target: number, recipient: string, server: ServerRecord): void {
    const name = this.names.get(target)
    if (target === 0 || target > server.newest_user || -target > server.newest_room)
      this.tell(`its target ${target} cannot have been there`)
    else if (target < 0 && recipient !== `room_${-target}`)
      this.tell(`it is for ${recipient}, but filed under room ${-target}`)
    else if (name !== undefined && recipient !== name) this.tell(`it is for ${recipient}, but filed under ${name}`)
  }

  private checkSender(sender: number, senderName: string, server: ServerRecord): void {
    const name = sender === 0 ? serverName : this.names.get(sender)
    if (sender > server.newest_user) this.tell(`its sender, user ${sender}, cannot have been there`)
    else if (name !== undefined && senderName !== name) this.tell(`it is from ${senderName}, but filed under ${name}`)
  }
}

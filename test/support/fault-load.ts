import type { Message } from '../../schemas/message.js'
import { post, readAll } from './remote.js'

/** A message that a client has sent, or has tried to. */
export interface Sending {
  readonly sender: string
  readonly recipient: string
  readonly message: string
  readonly client_id: string
  /** What was answered, if anything was. */
  id?: number
  sentAt?: string
}

export const reader = 'reader'
const room = 'room_1'
export const senders = ['ann', 'ben', 'cleo', 'dan', 'eve', 'finn']

/** Fills a new server with a reader, who sees every message that is ever sent, and with senders. */
export async function populate(url: string): Promise<void> {
  for (const username of [reader, ...senders]) await post(url, '/register', { username })
  await post(url, '/create_room', { admin: reader, participants: senders })
}

/**
 * Clients that send at once, each one message after the other, to the room or to the reader; and what each of them knows:
 * what was answered and what was not.
 */
export class Load {
  readonly answered: Sending[] = []
  unanswered: Sending[] = []
  /** Answers other than 200, by status and code. */
  readonly refused = new Map<string, number>()
  private count = 0

  /** Sends until told to stop, or until nobody answers any more. @param stop Asked before each message. */
  async run(url: string, stop: () => boolean = () => false): Promise<void> {
    await Promise.all(
      senders.map(async (sender) => {
        while (!stop() && (await this.send(url, this.next(sender))));
      }),
    )
  }

  /** Sends as many, whatever is answered. */
  async sendSome(url: string, count: number): Promise<void> {
    const end = this.count + count
    await this.run(url, () => this.count >= end)
  }

  /** Sends what was not answered once more. */
  async retry(url: string): Promise<void> {
    for (const sending of this.unanswered.splice(0)) await this.send(url, sending)
  }

  /** Sends something that was answered once more, and says what is wrong with the answer; undefined if nothing is. */
  async repeat(url: string, sending: Sending): Promise<string | undefined> {
    const { id, sentAt, ...request } = sending
    const { body } = await post(url, '/send', request)
    if (body['message_id'] === id && body['sent_at'] === sentAt) return undefined
    return `the repeat of ${JSON.stringify(sending)} is answered with ${JSON.stringify(body)}`
  }

  /** @returns whether there was an answer */
  private async send(url: string, sending: Sending): Promise<boolean> {
    try {
      const { status, body } = await post(url, '/send', sending)
      if (status === 200) {
        sending.id = Number(body['message_id'])
        sending.sentAt = String(body['sent_at'])
        this.answered.push(sending)
      } else {
        const what = `${status} ${String(body['code'])}`
        this.refused.set(what, (this.refused.get(what) ?? 0) + 1)
      }
      return true
    } catch {
      this.unanswered.push(sending)
      return false
    }
  }

  private next(sender: string): Sending {
    const number = ++this.count
    const recipient = number % 2 === 0 ? room : reader
    return { sender, recipient, message: `${number} 💬 ${'x'.repeat(number % 300)}`, client_id: `c${number}` }
  }

  /**
   * Says what the reader's messages are not as they must be, those that go before left out: all that was answered, as it
   * was answered; nothing twice, nothing that nobody sent, no gaps between ids, and times that do not go back.
   * @param mayBe Whether what was not answered may be there.
   */
  check(messages: readonly Message[], after = 0, mayBe = true): string[] {
    const wrong: string[] = []
    const left = new Map(this.answered.filter(({ id = 0 }) => id > after).map((sending) => [sending.message, sending]))
    const open = new Set(mayBe ? this.unanswered.map(({ message }) => message) : [])
    let [id, time] = [after, '']
    for (const message of messages) {
      if (message.id !== ++id) wrong.push(`message ${message.id} comes where ${id} should`)
      if (message.sent_at < time) wrong.push(`message ${message.id} is older than the one before`)
      id = message.id
      time = message.sent_at
      if (message.sender === 'server') continue
      const sent = left.get(message.message)
      if (sent ? !isSame(message, sent) : !open.delete(message.message))
        wrong.push(`message ${message.id} is not what was answered, or nobody sent it: ${JSON.stringify(message)}`)
      left.delete(message.message)
    }
    for (const sending of left.values()) wrong.push(`it is missing: ${JSON.stringify(sending)}`)
    return wrong
  }

  /** {@link check}s what a server has. */
  async checkAt(url: string, after = 0): Promise<string[]> {
    return this.check(await readAll(url, reader, after), after)
  }
}

const isSame = ({ id, sender, recipient, sent_at }: Message, sent: Sending): boolean =>
  id === sent.id && sender === sent.sender && recipient === sent.recipient && sent_at === sent.sentAt

import type { Bounds } from '../../../schemas/commands.js'
import { SentRowSchema, type SentRow } from '../../../schemas/rows.js'
import { BoundedMap } from '../../base/bounded-map.js'
import { ChatError } from '../chat-error.js'
import type { ChangeList, Table } from './table.js'

/** What is remembered of a send that had a `client_id`. */
export interface Sent {
  /** The number of the user. */
  readonly sender: number
  readonly clientId: string
  readonly messageId: number
  readonly sentAt: number
  /** The name by which the recipient is called in the answer. */
  readonly recipient: string
  readonly contentHash: string
}

/** The first send, if the repeat has the same content. @throws {ChatError} client_id_reused */
export function sameContent(first: Sent, contentHash: string): Sent {
  if (first.contentHash === contentHash) return first
  throw new ChatError(
    'client_id_reused',
    `The client_id "${first.clientId}" was used for message ${first.messageId}, which has other content.`,
  )
}

/** Milliseconds. */
const day = 86_400_000
/** The archive looks back further than memory does. */
const keptDays = 2

/**
 * The `client_id`s of the latest messages of a day, so that a repeat can be answered as the first was. What is known
 * depends on ids and times of messages alone, so that replicas agree; whoever restores it gives back all that is.
 */
export class SentKeys implements Table<Sent, SentRow> {
  readonly name = 'sent'
  readonly noun = 'client_id'
  readonly schema = SentRowSchema
  readonly key = ['sender', 'client_id']
  readonly refersTo = []
  readonly part = {
    sort: 'message_id',
    floor: (newest: number) => this.floor(newest),
    madeAt: 'sent_at',
    keptMs: keptDays * day,
  }
  private readonly sent = new BoundedMap<Sent>()
  /** What is looked at goes back to behind this message at most: when the bound is raised, older ones have been forgotten. */
  since = 0
  /** The latest ids that were passed over, which are of no messages. */
  skipped = { after: 0, to: 0 }

  /** @param bounds How many of the latest messages are looked at. */
  constructor(
    private readonly bounds: Bounds,
    private readonly changes: ChangeList,
  ) {}

  /**
   * @param newest The id of the newest message.
   * @param time The time of the latest entry, in ms since the epoch.
   */
  find(user: number, clientId: string, newest: number, time: number): Sent | undefined {
    const sent = this.sent.get(`${user} ${clientId}`)
    return sent && sent.messageId > this.floor(newest) && sent.sentAt > time - day ? sent : undefined
  }

  /** What memory has of it, if it was sent behind this time. The archive may not have it yet. Not for what decides in the log. */
  held(user: number, clientId: string, after: number): Sent | undefined {
    const sent = this.sent.get(`${user} ${clientId}`)
    return sent && sent.sentAt > after ? sent : undefined
  }

  /** The newest message that is not looked at. */
  floor(newest: number): number {
    const { after, to } = this.skipped
    const floor = newest - this.bounds.idempotency_keys
    return Math.max(this.since, floor < to ? floor - (to - after) : floor, 0)
  }

  remember(sent: Sent): void {
    this.hold(sent)
    this.changes.put(this, sent)
  }

  rowOf({ sender, clientId, messageId, sentAt, recipient, contentHash }: Sent): SentRow {
    return {
      sender,
      client_id: clientId,
      message_id: messageId,
      sent_at: sentAt,
      recipient,
      content_hash: contentHash,
    }
  }

  load(row: SentRow): void {
    this.hold(sentOf(row))
  }

  private hold(sent: Sent): void {
    this.sent.set(`${sent.sender} ${sent.clientId}`, sent, this.bounds.idempotency_keys)
  }
}

/** A row as the state has it. */
export const sentOf = ({ sender, client_id, message_id, sent_at, recipient, content_hash }: SentRow): Sent => ({
  sender,
  clientId: client_id,
  messageId: message_id,
  sentAt: sent_at,
  recipient,
  contentHash: content_hash,
})

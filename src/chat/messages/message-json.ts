import type { Message } from '../../../schemas/message.js'

/** What all readers see of a message. */
export interface MessageContent {
  readonly sender: string
  readonly recipient: string
  readonly text: string
  /** Milliseconds since the epoch. */
  readonly sentAt: number
  readonly editedAt?: number | undefined
  /** Where it is said, there is no text any more. */
  readonly deletedAt?: number | undefined
}

/** What never changes of a message, and is decided on. */
export interface MessageFacts {
  /** The number of the user whom it is for, or minus the number of the room. */
  readonly target: number
  /** The number of the user who sent it; 0 for the server. */
  readonly sender: number
  /** Milliseconds since the epoch. */
  readonly sentAt: number
  readonly clientId?: string | undefined
}

let second = 0
let upToSecond = new Date(0).toISOString().slice(0, -'000Z'.length)

/** RFC 3339, UTC, with milliseconds. Many messages share a second, so what it begins with is remembered. */
export function isoTime(time: number): string {
  const milliseconds = time % 1000
  if (time - milliseconds !== second) {
    second = time - milliseconds
    upToSecond = new Date(second).toISOString().slice(0, -'000Z'.length)
  }
  return `${upToSecond}${milliseconds < 100 ? (milliseconds < 10 ? '00' : '0') : ''}${milliseconds}Z`
}

/**
 * What all readers see, as a JSON object. Names have nothing to escape. Nobody else knows this layout but
 * {@link withComma}, {@link ownJson} and {@link contentIn}.
 */
export function messageJson(
  id: number,
  { sender, recipient, text, sentAt, editedAt, deletedAt }: MessageContent,
): string {
  const edited = editedAt === undefined ? '' : `,"edited_at":"${isoTime(editedAt)}"`
  const deleted = deletedAt === undefined ? '' : `,"deleted_at":"${isoTime(deletedAt)}"`
  return `{"id":${id},"sender":"${sender}","recipient":"${recipient}","message":${JSON.stringify(text)},"sent_at":"${isoTime(sentAt)}"${edited}${deleted}}`
}

/** What stands behind a message that is an element of an array. */
export const comma = ','
/** What of it the {@link ownJson} takes the place of. */
export const closing = `}${comma}`

/** What the sender sees besides: the end of the object, with the comma behind it. */
export const ownJson = ({ clientId }: Pick<MessageFacts, 'clientId'>): string =>
  clientId === undefined ? '' : `,"client_id":${JSON.stringify(clientId)}${closing}`

/** What {@link ownJson} has been made of. */
export const clientIdIn = (own: string): string =>
  (JSON.parse(`{${own.slice(1, -comma.length)}`) as { client_id: string }).client_id

/** Whether bytes are those of a message with this id. */
export const isMessage = (record: Uint8Array, id: number): boolean =>
  Buffer.from(record.buffer, record.byteOffset, Math.min(record.length, 30))
    .toString('latin1')
    .startsWith(`{"id":${id},`)

/** The names and the text of a message, and when it has been deleted, if it has. */
export function contentIn(record: Uint8Array): Pick<MessageContent, 'sender' | 'recipient' | 'text' | 'deletedAt'> {
  const { sender, recipient, message: text, deleted_at } = JSON.parse(Buffer.from(record).toString()) as Message
  return { sender, recipient, text, deletedAt: deleted_at === undefined ? undefined : Date.parse(deleted_at) }
}

/** A message before it has its id. */
export interface NewMessage {
  readonly sender: string
  /** The number of the user who sent it; 0 for the server. */
  readonly senderNumber: number
  readonly recipient: string
  readonly text: string
  /** Milliseconds since the epoch. */
  readonly sentAt: number
  readonly clientId?: string | undefined
}

let lastTime = 0
let lastIso = new Date(0).toISOString()

/** RFC 3339, UTC, with milliseconds. Many messages share a millisecond, so the last one is remembered. */
export function isoTime(time: number): string {
  if (time !== lastTime) {
    lastIso = new Date(time).toISOString()
    lastTime = time
  }
  return lastIso
}

/** What all readers see, as the element of a JSON array with the comma behind it. */
export const messageJson = (id: number, { sender, recipient, text, sentAt }: NewMessage): string =>
  `{"id":${id},"sender":${JSON.stringify(sender)},"recipient":${JSON.stringify(recipient)},"message":${JSON.stringify(text)},"sent_at":"${isoTime(sentAt)}"},`

/** What the sender sees besides, as the last members of the object. */
export const privateJson = ({ clientId }: NewMessage): string =>
  clientId === undefined ? '' : `,"client_id":${JSON.stringify(clientId)}},`

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

/** What all readers see, as the element of a JSON array with the comma behind it. Names have nothing to escape. */
export const messageJson = (id: number, { sender, recipient, text, sentAt }: NewMessage): string =>
  `{"id":${id},"sender":"${sender}","recipient":"${recipient}","message":${JSON.stringify(text)},"sent_at":"${isoTime(sentAt)}"},`

/** What the sender sees besides, as the last members of the object. */
export const privateJson = ({ clientId }: Pick<NewMessage, 'clientId'>): string =>
  clientId === undefined ? '' : `,"client_id":${JSON.stringify(clientId)}},`

const timeLength = '2026-11-22T12:00:00.000Z'.length

/** When a message was accepted, in ms since the epoch. @param end Where its record ends, with the comma behind it. */
export function timeIn(bytes: Buffer, end: number): number {
  const timeEnd = end - '"},'.length
  return Date.parse(bytes.toString('latin1', timeEnd - timeLength, timeEnd))
}

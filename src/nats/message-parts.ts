/** What a message says of its part: who sends, which of the messages of that sender it is, and which part of it. */
export interface PartHead {
  readonly peer: string
  readonly message: number
  readonly part: number
  readonly parts: number
}

/** A message that is larger than this is not told, in bytes. */
const mostBytes = 2 ** 24
/** A message has no more parts than this. */
const mostParts = 4096

/** The parts of a message, none larger than so many bytes; none if it is too large to be told. */
export function splitMessage(message: Uint8Array, partBytes: number): Uint8Array[] {
  const count = Math.max(1, Math.ceil(message.length / partBytes))
  if (message.length > mostBytes || count > mostParts) return []
  return Array.from({ length: count }, (_, part) => message.subarray(part * partBytes, (part + 1) * partBytes))
}

export const headText = ({ peer, message, part, parts }: PartHead): string => `${peer} ${message} ${part} ${parts}`

/** Undefined if it is none. */
export function parseHead(text: string): PartHead | undefined {
  const [, peer = '', message, part, parts] = /^([\w-]{1,64}) (\d{1,15}) (\d{1,4}) (\d{1,4})$/.exec(text) ?? []
  if (peer === '') return undefined
  return { peer, message: Number(message), part: Number(part), parts: Number(parts) }
}

/**
 * Joins the parts of one sender. They come in order, message after message: so one message at a time is unfinished, and one
 * that misses a part is dropped.
 */
export class PartJoiner {
  private message = -1
  private parts: Uint8Array[] = []
  private sizeBytes = 0

  /** The message, if this part is its last and no other is missing. */
  join({ message, part, parts }: PartHead, bytes: Uint8Array): Uint8Array | undefined {
    if (parts === 1) return bytes
    if (part === 0) {
      this.drop()
      this.message = message
    }
    this.sizeBytes += bytes.length
    if (message !== this.message || part !== this.parts.length || parts > mostParts || this.sizeBytes > mostBytes) {
      this.drop()
      return undefined
    }
    this.parts.push(bytes)
    if (this.parts.length < parts) return undefined
    const joined = Buffer.concat(this.parts)
    this.drop()
    return joined
  }

  private drop(): void {
    this.message = -1
    this.parts = []
    this.sizeBytes = 0
  }
}

import type { Readable } from 'node:stream'
import { ChatError } from '../chat/chat-error.js'

/** What a short body takes; a longer one twice as much, until it is there. */
const firstBytes = 2 ** 12

export interface BodyLimits {
  readonly mostBytes: number
  /** What the head says of its length; NaN if that is nothing. */
  readonly declaredBytes: number
  /** Told of each piece of memory that is taken, and with less than nothing when it is given back. */
  readonly onMemory: (bytes: number) => void
}

/**
 * Reads a body into one piece of memory, in however small pieces it comes: kept as they come, each byte could cost sixty.
 * @throws {ChatError} payload_too_large, bad_request
 */
export function readBody(stream: Readable, { mostBytes, declaredBytes, onMemory }: BodyLimits): Promise<Buffer> {
  if (declaredBytes > mostBytes) return Promise.reject(new ChatError('payload_too_large'))
  let body: Buffer = Buffer.alloc(0)
  let length = 0
  const append = (chunk: Buffer): void => {
    if (length + chunk.length > body.length) {
      const grown = Buffer.allocUnsafe(Math.max(firstBytes, 2 * body.length, length + chunk.length))
      onMemory(grown.length - body.length)
      body.copy(grown, 0, 0, length)
      body = grown
    }
    length += chunk.copy(body, length)
  }
  return new Promise<Buffer>((resolve, reject) => {
    stream.on('data', (chunk: Buffer) => {
      if (length + chunk.length <= mostBytes) append(chunk)
      else reject(new ChatError('payload_too_large'))
    })
    stream.on('end', () => {
      if (!Number.isNaN(declaredBytes) && length !== declaredBytes)
        reject(new ChatError('bad_request', 'The body is not as long as Content-Length says.'))
      resolve(body.subarray(0, length))
    })
    stream.on('error', () => reject(new ChatError('bad_request', 'The body has broken off.')))
  }).finally(() => {
    stream.removeAllListeners('data')
    onMemory(-body.length)
    body = Buffer.alloc(0)
  })
}

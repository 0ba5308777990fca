import type { Framing } from '../chat/ports.js'

/** RFC 6455 section 5.2: a whole text message, FIN and opcode 1. */
const textMessage = 0x81
/** Up to this length it stands in the second byte; else 126 or 127 does, and the length behind it. */
const shortLength = 125
const mediumLength = 0xff_ff
const [mediumMark, longMark] = [126, 127]

/** A text message of a server, which masks nothing. */
function textFrame(json: Uint8Array): Buffer {
  const { length } = json
  const headLength = length <= shortLength ? 2 : length <= mediumLength ? 4 : 10
  const frame = Buffer.allocUnsafe(headLength + length)
  frame[0] = textMessage
  if (length <= shortLength) frame[1] = length
  else if (length <= mediumLength) {
    frame[1] = mediumMark
    frame.writeUInt16BE(length, 2)
  } else {
    frame[1] = longMark
    frame.writeBigUInt64BE(BigInt(length), 2)
  }
  frame.set(json, headLength)
  return frame
}

/** WHATWG HTML section 9.2.5: the cursor as `id`, the event as `data`. JSON has no line breaks. */
const streamEvent = (json: Buffer, eventId: string | undefined): Buffer =>
  Buffer.concat([Buffer.from(eventId === undefined ? 'data: ' : `id: ${eventId}\ndata: `), json, Buffer.from('\n\n')])

/** RFC 9112 section 7.1. */
export const chunk = (bytes: Uint8Array): Buffer =>
  Buffer.concat([Buffer.from(`${bytes.length.toString(16)}\r\n`), bytes, Buffer.from('\r\n')])

export const webSocketFraming: Framing = { number: 0, frame: textFrame }

/** Server-Sent Events, each a chunk of the answer. */
export const chunkedFraming: Framing = { number: 1, frame: (json, eventId) => chunk(streamEvent(json, eventId)) }

/** Server-Sent Events for HTTP/1.0, which knows no chunks. */
export const plainFraming: Framing = { number: 2, frame: streamEvent }

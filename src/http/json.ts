import { isUtf8 } from 'node:buffer'
import { fixed } from '../../schemas/limits.js'
import { ChatError } from '../chat/chat-error.js'

/** Where JSON came in. */
export type Part = 'body' | 'frame'

/** What decoding puts in the place of what is not UTF-8; it may be meant, too. */
const replacement = '\ufffd'
/** Fewer bytes than this have no more parts than are allowed. */
const smallSize = 2 * fixed.parts

/**
 * Reads JSON in UTF-8 (RFC 8259 section 8.1). A `__proto__` in it is a field like others, which no schema knows: bodies
 * are closed, so it is refused there.
 * @throws {ChatError} malformed_json
 * @throws {Error} what a validator throws, if it has more parts than a request may have
 */
export function parseJson(bytes: Buffer, part: Part): unknown {
  if (bytes.length === 0) throw new ChatError('malformed_json', `The ${part} is empty; send a JSON object.`)
  if (bytes.length > smallSize && partsOf(bytes) > fixed.parts) throw tooManyParts(part)
  const text = bytes.toString()
  if (text.includes(replacement) && !isUtf8(bytes)) throw new ChatError('malformed_json', `The ${part} is not UTF-8.`)
  try {
    return JSON.parse(text)
  } catch {
    throw new ChatError('malformed_json', `The ${part} is not JSON.`)
  }
}

const tooManyParts = (part: Part): Error =>
  Object.assign(new Error(), {
    validation: [{ instancePath: '', message: `has more than ${fixed.parts} fields, lists and objects` }],
    validationContext: part,
  })

const [quote, escape, colon, bracket, brace] = Buffer.from('"\\:[{') as unknown as [
  number,
  number,
  number,
  number,
  number,
]

/** Counts the fields, lists and objects, without making any of them. Of what is not JSON it counts something. */
function partsOf(bytes: Buffer): number {
  let count = 0
  let isText = false
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at]
    if (byte === quote) isText = !isText
    else if (isText) at += Number(byte === escape)
    else if (byte === colon || byte === bracket || byte === brace) count++
  }
  return count
}

/** RFC 6455 section 5.2, as far as the servers that are measured make use of it. */

const finalBit = 0x80
const maskBit = 0x80
export const opcodes = { text: 1, close: 8, ping: 9, pong: 10 } as const

/** The same for all frames, so that they can be made once; not zero, or a server would have nothing to unmask. */
const mask = Buffer.from([0x37, 0xfa, 0x21, 0x3d])

/** A frame of a client, whole, of up to 65,535 bytes. */
export function clientFrame(payload: string | Buffer, opcode: number = opcodes.text): Buffer {
  const masked = Buffer.from(payload)
  for (let at = 0; at < masked.length; at++) masked[at] = (masked[at] ?? 0) ^ (mask[at % mask.length] ?? 0)
  const short = masked.length < 126
  const head = Buffer.alloc(short ? 2 : 4)
  head[0] = finalBit | opcode
  head[1] = maskBit | (short ? masked.length : 126)
  if (!short) head.writeUInt16BE(masked.length, 2)
  return Buffer.concat([head, mask, masked])
}

/** Whether the bytes from there on begin so. */
export function beginsWith(bytes: Buffer, at: number, beginning: Buffer): boolean {
  for (let index = 0; index < beginning.length; index++) if (bytes[at + index] !== beginning[index]) return false
  return true
}

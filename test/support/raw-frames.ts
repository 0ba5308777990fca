interface FrameParts {
  /** 0 goes on, 1 is text, 2 binary, 8 closes, 9 is a ping, 10 a pong. */
  readonly opcode?: number
  /** Whether it is the last of its message. */
  readonly isLast?: boolean
  /** The three reserved bits, as a number; 4 says that it is compressed (RFC 7692 section 7.2.3.1). */
  readonly reserved?: number
  readonly isMasked?: boolean
  /** What its head says; the length of what it carries, unless said otherwise. */
  readonly length?: number
}

const mediumLength = 126
const longLength = 127

/** A frame of a client (RFC 6455 section 5.2), as it should be but for what is said. Its mask changes nothing. */
export function clientFrame(payload: string | Buffer, parts: FrameParts = {}): Buffer {
  const { opcode = 1, isLast = true, reserved = 0, isMasked = true } = parts
  const bytes = Buffer.from(payload)
  const { length = bytes.length } = parts
  const head = Buffer.alloc(length < mediumLength ? 2 : length < 2 ** 16 ? 4 : 10)
  head[0] = (isLast ? 0x80 : 0) | (reserved << 4) | opcode
  const mark = [length, mediumLength, longLength][[2, 4, 10].indexOf(head.length)] ?? 0
  head[1] = (isMasked ? 0x80 : 0) | mark
  if (head.length === 4) head.writeUInt16BE(length, 2)
  if (head.length === 10) head.writeBigUInt64BE(BigInt(length), 2)
  return Buffer.concat([head, Buffer.alloc(isMasked ? 4 : 0), bytes])
}

export const jsonFrame = (frame: object): Buffer => clientFrame(JSON.stringify(frame))

type Headers = Readonly<Record<string, string | undefined>>

/** The head of a request, and its body. */
export function request(method: string, path: string, headers: Headers = {}, body?: object): string {
  const text = body === undefined ? '' : JSON.stringify(body)
  const all: Headers = {
    Host: 'chat.example',
    ...(body !== undefined && { 'Content-Type': 'application/json', 'Content-Length': `${Buffer.byteLength(text)}` }),
    ...headers,
  }
  const lines = Object.entries(all).flatMap(([name, value]) => (value === undefined ? [] : `${name}: ${value}\r\n`))
  return `${method} ${path} HTTP/1.1\r\n${lines.join('')}\r\n${text}`
}

/** What asks for a WebSocket (RFC 6455 section 4.1). */
export const asking: Headers = {
  Connection: 'Upgrade',
  Upgrade: 'websocket',
  'Sec-WebSocket-Version': '13',
  'Sec-WebSocket-Key': 'dGhlIHNhbXBsZSBub25jZQ==',
}

/** An opening handshake. */
export const handshake = (username: string, headers: Headers = {}): string =>
  request('GET', `/ws?username=${username}`, { ...asking, ...headers })

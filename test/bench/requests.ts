/** The bytes of requests, made once. A browser's page sends `Origin`, so that CORS has its work. */

const page = 'Host: 127.0.0.1\r\nOrigin: https://chat.example\r\n'
const common = `${page}Accept: application/json\r\n`

const authorization = (token: string | undefined): string =>
  token === undefined ? '' : `Authorization: Bearer ${token}\r\n`

export function post(path: string, body: object, token?: string): Buffer {
  const json = JSON.stringify(body)
  return Buffer.from(
    `POST ${path} HTTP/1.1\r\n${common}${authorization(token)}Content-Type: application/json\r\nContent-Length: ${Buffer.byteLength(json)}\r\n\r\n${json}`,
  )
}

export const get = (path: string): Buffer => Buffer.from(`GET ${path} HTTP/1.1\r\n${common}\r\n`)

/** Sends one request that prepares something, and gives its answer. @throws if that is no success */
export async function ask(port: number, path: string, body?: object): Promise<Record<string, unknown>> {
  const response = await fetch(`http://127.0.0.1:${port}${path}`, {
    ...(body && { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
  })
  const text = await response.text()
  if (!response.ok) throw new Error(`${path} answers ${response.status} ${text}`)
  return JSON.parse(text) as Record<string, unknown>
}

/** A message of 80 characters; no two are the same. */
export const messageText = (number: number): string =>
  `${number} is the number of this message, and the rest fills it up. `.padEnd(80, 'so it goes on and on ').slice(0, 80)

/** What opens a WebSocket (RFC 6455 section 4.1). The server's proof is not looked at, so the key is always the same. */
export const upgrade = (path: string): Buffer =>
  Buffer.from(
    `GET ${path} HTTP/1.1\r\n${page}Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n`,
  )

/** What opens Server-Sent Events. */
export const stream = (path: string): Buffer =>
  Buffer.from(`GET ${path} HTTP/1.1\r\n${page}Accept: text/event-stream\r\n\r\n`)

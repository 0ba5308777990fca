import { request as requestHttp, type IncomingHttpHeaders, type IncomingMessage, type RequestOptions } from 'node:http'
import { request as requestHttps } from 'node:https'
import { text } from 'node:stream/consumers'
import { WebSocket } from 'ws'

/** An answer, as it came through all that stands between. */
export interface Answer {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  /** Undefined if it is not JSON. */
  readonly json: Record<string, unknown> | undefined
  readonly text: string
  readonly durationMs: number
}

interface Asking {
  readonly method?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: object
  readonly timeoutMs?: number
}

/** A guest of the examined server, which the checks speak as. */
export interface Guest {
  readonly username: string
  readonly token: string
}

/** The longest that an answer is waited for that should come at once, in ms. */
const patienceMs = 15_000

/** The examined server, by the URL that its clients use. */
export class Target {
  readonly base: URL
  /** Where its requests come from: on loopback an address that no proxy has, so that the two can be told apart. */
  readonly localAddress: string | undefined

  constructor(url: URL) {
    this.base = new URL(url.href.replace(/\/*$/, '/'))
    this.localAddress = isLoopback(this.base.hostname) && process.platform === 'linux' ? '127.0.0.2' : undefined
  }

  /** The URL of a path, which does not begin with a slash: so it stays below a prefix. */
  url(path: string): URL {
    return new URL(path, this.base)
  }

  async ask(path: string | URL, asking: Asking = {}): Promise<Answer> {
    const begun = performance.now()
    const response = await this.begin(path, asking)
    const body = await text(response)
    return {
      status: response.statusCode ?? 0,
      headers: response.headers,
      text: body,
      json: objectIn(body),
      durationMs: performance.now() - begun,
    }
  }

  /** Gives the answer when its head is there. */
  begin(
    path: string | URL,
    { method = 'GET', headers = {}, body, timeoutMs = patienceMs }: Asking = {},
  ): Promise<IncomingMessage> {
    const url = typeof path === 'string' ? this.url(path) : path
    const payload = body === undefined ? undefined : JSON.stringify(body)
    const options: RequestOptions = {
      method,
      agent: false,
      headers: {
        ...(payload !== undefined && {
          'content-type': 'application/json',
          'content-length': Buffer.byteLength(payload),
        }),
        ...headers,
      },
      ...(this.localAddress !== undefined && { localAddress: this.localAddress }),
      signal: AbortSignal.timeout(timeoutMs),
    }
    return new Promise((resolve, reject) => {
      const request = (url.protocol === 'https:' ? requestHttps : requestHttp)(url, options, resolve)
      request.on('error', reject).end(payload)
    })
  }

  /** Opens a WebSocket as a page does: with its token in the query. */
  connect(token: string): WebSocket {
    const url = this.url(`ws?access_token=${token}`)
    url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:'
    return new WebSocket(url, {
      handshakeTimeout: patienceMs,
      ...(this.localAddress !== undefined && { localAddress: this.localAddress }),
    })
  }

  /** Registers a guest with a name of its own. @throws {Error} if the server does not let it */
  async register(): Promise<Guest> {
    const username = `doctor-${crypto.randomUUID().slice(0, 8)}`
    const { status, json, text } = await this.ask('register', { method: 'POST', body: { username } })
    if (status !== 200 || typeof json?.['token'] !== 'string')
      throw new Error(`a guest could not be registered: ${status} ${text.slice(0, 200)}`)
    return { username, token: json['token'] }
  }

  async logOut({ username, token }: Guest): Promise<void> {
    await this.ask('logout', { method: 'POST', body: { username }, headers: bearer(token) })
  }

  /** Sends to oneself, which comes back to those who listen. */
  async sendToSelf({ username, token }: Guest, message: string): Promise<void> {
    const body = { sender: username, recipient: username, message }
    const { status, text } = await this.ask('send', { method: 'POST', body, headers: bearer(token) })
    if (status !== 200) throw new Error(`a message was not taken: ${status} ${text.slice(0, 200)}`)
  }
}

export const bearer = (token: string): Record<string, string> => ({ authorization: `Bearer ${token}` })

export const isLoopback = (host: string): boolean => /^(?:localhost|127\.[\d.]+|\[?::1\]?)$/.test(host)

function objectIn(body: string): Record<string, unknown> | undefined {
  try {
    return JSON.parse(body) as Record<string, unknown>
  } catch {
    return undefined
  }
}

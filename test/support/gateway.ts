import { once } from 'node:events'
import { createServer, request, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { connect, type AddressInfo, type Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import type { Test } from 'tap'

/** An answer of the gateway's own. */
interface OwnAnswer {
  readonly status: number
  readonly headers?: Record<string, string>
  readonly body?: string
}

/** A reverse proxy with the habits of real ones. */
export class Gateway {
  /** Whether it lets WebSockets through. */
  upgrades: 'pass' | 'refuse' | 'hang' = 'pass'
  /** Whether it hands on an answer only when it has all of it. */
  buffers = false
  /** What it answers by itself. */
  answers: (request: IncomingMessage) => OwnAnswer | undefined = () => undefined
  /** Whether it takes the request, and does nothing. */
  hangs: (request: IncomingMessage) => boolean = () => false
  /** Whether the answer, which the server has given, is lost. */
  loses: (request: IncomingMessage) => boolean = () => false
  /** Whether it breaks a WebSocket on which so many bytes come at once. */
  longestFrame = Infinity
  /** What has been asked for, as `GET /online`. */
  readonly seen: string[] = []
  readonly #sockets = new Set<Duplex>()

  private constructor(
    private readonly server: Server,
    private readonly target: URL,
  ) {
    server.on('connection', (socket: Socket) => this.#keep(socket))
    server.on('request', (request, response) => this.#take(request, response))
    server.on('upgrade', (request, socket, head) => this.#upgrade(request, socket, head))
  }

  /** It closes with the test. */
  static async start(t: Test, target: string): Promise<Gateway> {
    const server = createServer().listen(0, '127.0.0.1')
    await once(server, 'listening')
    const gateway = new Gateway(server, new URL(target))
    t.teardown(() => {
      server.close()
      gateway.reset()
    })
    return gateway
  }

  /** `http://127.0.0.1:<port>` */
  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`
  }

  /** Breaks all connections. */
  reset(): void {
    for (const socket of this.#sockets) socket.destroy()
  }

  #keep(socket: Duplex): void {
    this.#sockets.add(socket)
    socket.on('close', () => this.#sockets.delete(socket)).on('error', () => undefined)
  }

  #note({ method, url = '' }: IncomingMessage): void {
    this.seen.push(`${method} ${url.split('?', 1)[0]}`)
  }

  #take(asked: IncomingMessage, response: ServerResponse): void {
    this.#note(asked)
    const own = this.answers(asked)
    if (own) response.writeHead(own.status, own.headers).end(own.body)
    else if (!this.hangs(asked)) asked.pipe(this.#forward(asked, response))
  }

  #forward(asked: IncomingMessage, response: ServerResponse) {
    const { method, url, headers } = asked
    const onward = request(new URL(url ?? '/', this.target), { method, headers, agent: false })
    onward.on('response', (answer) => {
      if (this.loses(asked)) response.destroy()
      else this.#handOn(answer, response).catch(() => response.destroy())
    })
    // A server may answer, and close, before it has all of a request.
    onward.on('error', () => {
      if (!response.headersSent) response.destroy()
    })
    response.on('close', () => onward.destroy())
    return onward
  }

  async #handOn(answer: IncomingMessage, response: ServerResponse): Promise<void> {
    const { 'transfer-encoding': chunked, ...headers } = answer.headers
    const whole = this.buffers && chunked ? Buffer.concat(await answer.toArray()) : undefined
    if (whole) response.writeHead(answer.statusCode ?? 502, headers).end(whole)
    else answer.pipe(response.writeHead(answer.statusCode ?? 502, answer.headers))
  }

  #upgrade({ method, url, rawHeaders, ...asked }: IncomingMessage, socket: Duplex, head: Buffer): void {
    this.#note({ ...asked, method, url } as IncomingMessage)
    if (this.upgrades === 'hang') return
    if (this.upgrades === 'refuse') return void socket.end('HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n')
    const onward = connect(Number(this.target.port), this.target.hostname)
    this.#keep(onward)
    const lines = rawHeaders.flatMap((name, at) => (at % 2 === 0 ? [`${name}: ${rawHeaders[at + 1]}`] : []))
    onward.write(`${method} ${url} HTTP/1.1\r\n${lines.join('\r\n')}\r\n\r\n`)
    onward.write(head)
    socket.on('data', ({ length }: Buffer) => {
      if (length >= this.longestFrame) socket.destroy()
    })
    onward.pipe(socket).pipe(onward)
    socket.on('close', () => onward.destroy())
    onward.on('close', () => socket.destroy())
  }
}

import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Browser, Page } from 'playwright-core'
import type { Test } from 'tap'
import { newPage } from '../support/browser.js'

/** What a page could read of an answer: of the headers, those that the browser lets it see. */
export interface Read {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: Readonly<Record<string, unknown>>
}

interface Call {
  readonly method?: string
  readonly headers?: Record<string, string>
  readonly body?: string
}

/** Pages of other origins than the server's. */
export class Site {
  private constructor(private readonly port: number) {}

  /** Serves an empty page, whatever is asked for; it closes with the test. */
  static async start(t: Test): Promise<Site> {
    const server = createServer((_request, response) => {
      response.setHeader('content-type', 'text/html').end('<!doctype html><title>A client</title>')
    })
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    t.teardown(() => {
      server.close()
      server.closeAllConnections()
    })
    return new Site((server.address() as AddressInfo).port)
  }

  origin(name: string): string {
    return `http://${name}.test:${this.port}`
  }

  /** Opens a page of this origin that is a client of the server. */
  async visit(t: Test, browser: Browser, name: string, server: string): Promise<Client> {
    const page = await newPage(t, browser)
    await page.goto(this.origin(name))
    return new Client(page, server)
  }
}

/** A page's own `fetch`, in verbs. Each rejects where the browser refuses. */
export class Client {
  constructor(
    readonly page: Page,
    readonly server: string,
  ) {}

  call(path: string, call: Call = {}): Promise<Read> {
    // Runs in the page, so it can use nothing of this file.
    return this.page.evaluate(
      async ({ url, call }) => {
        const response = await fetch(url, call)
        return {
          status: response.status,
          headers: Object.fromEntries(response.headers),
          body: (await response.json()) as Record<string, unknown>,
        }
      },
      { url: this.server + path, call },
    )
  }

  /** Starts to call, and waits until the request is on the wire. */
  async begin(path: string): Promise<{ readonly answer: Promise<Read> }> {
    const devtools = await this.page.context().newCDPSession(this.page)
    await devtools.send('Network.enable')
    // The browser tells of a request's final headers when it writes them.
    const written = new Promise((resolve) => devtools.once('Network.requestWillBeSentExtraInfo', resolve))
    const answer = this.call(path)
    await Promise.race([written, answer])
    // A test that fails before it looks at the answer fails for its own reason.
    answer.catch(() => undefined)
    return { answer }
  }

  /** A POST of JSON, for which the browser asks leave first (a preflight). */
  post(path: string, body: object, token?: string): Promise<Read> {
    const headers = {
      'content-type': 'application/json',
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
    }
    return this.call(path, { method: 'POST', headers, body: JSON.stringify(body) })
  }

  /** Registers, and returns the token. */
  async register(username: string, password?: string): Promise<string> {
    const { body } = await this.post('/register', { username, ...(password !== undefined && { password }) })
    return String(body['token'])
  }
}

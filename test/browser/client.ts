import type { Browser } from 'playwright-core'
import type { Test } from 'tap'
import type * as Client from '../../src/client/index.js'
import { freePort } from '../support/free-port.js'
import { chosenSeed, randomOf, rounds } from '../support/random.js'
import { startServer } from '../support/server.js'
import { fateOf, TcpProxy } from '../support/tcp-proxy.js'
import { Site } from './site.js'

const count = rounds(2000, 10_000)
/** As many messages wait at once, as for a page that does not wait for answers. */
const waiting = 500
const unlimited = { CHATROOM_HEARTBEAT: '1', CHATROOM_FRAME_RATE: '0', CHATROOM_HANDSHAKE_RATE: '0' }

/** What the page has done; the page writes it, and the test reads it. */
interface Progress {
  readonly heard: string[]
  readonly ids: number[]
  readonly failures: string[]
}

interface PageGlobals {
  progress: Progress
}

/** The client in a page of another origin, on a bad network, over an end of the server. */
export async function clientInPage(t: Test, browser: Browser): Promise<void> {
  const seed = chosenSeed()
  t.comment(`SEED=${seed}`)
  const server = await startServer(t, { ...unlimited, PORT: await freePort() })
  const proxy = await TcpProxy.start(t, server.url)
  const site = await Site.start(t)
  const { page } = await site.visit(t, browser, 'app', proxy.url)
  await page.evaluate(
    async ([baseUrl, moduleUrl, count, waiting]) => {
      const { ChatClient } = (await import(moduleUrl)) as typeof Client
      const globals = globalThis as unknown as PageGlobals
      const progress: Progress = { heard: [], ids: [], failures: [] }
      globals.progress = progress
      const timing = { retry: 20, longestRetry: 200, patience: 2000, improve: 1000, answer: 3000 }
      const [alice, bob] = ['alice', 'bob'].map(() => new ChatClient({ baseUrl, timing, frameRate: 5000 }))
      if (!alice || !bob) return
      await alice.register({ username: 'alice' })
      await bob.register({ username: 'bob' })
      const listen = async () => {
        for await (const event of bob.connect()) {
          if (event.type === 'resync') progress.failures.push('resync')
          if (event.type === 'message.created') progress.heard.push(event.message.message)
        }
      }
      const speak = async () => {
        for await (const event of alice.connect()) if (event.type === 'resync') progress.failures.push('resync')
      }
      const send = async () => {
        const underWay: Promise<unknown>[] = []
        for (let number = 0; number < count; number++) {
          if (number >= waiting) await underWay[number - waiting]
          underWay.push(alice.send('bob', `${number}`).then(({ message_id }) => progress.ids.push(message_id)))
        }
      }
      for (const act of [listen, speak, send])
        act().catch((error: unknown) => {
          progress.failures.push(String(error))
        })
    },
    [proxy.url, `${server.url}/client.js`, count, waiting] as const,
  )
  const random = randomOf(seed)
  proxy.fate = () => fateOf(random)
  await page.waitForFunction((least) => (globalThis as unknown as PageGlobals).progress.ids.length > least, count / 3)
  await server.stop('SIGKILL')
  await server.restart()
  await page.waitForFunction(isDone, count, { timeout: 450_000 })
  const { heard, ids, failures } = await page.evaluate(() => (globalThis as unknown as PageGlobals).progress)
  t.same(failures, [])
  t.same(
    heard,
    Array.from({ length: count }, (_, number) => `${number}`),
    'each is heard once, in order',
  )
  t.same(
    ids,
    Array.from({ length: count }, (_, number) => number + 1),
    'each is accepted once, in order',
  )
}

/** Runs in the page. */
function isDone(count: number): boolean {
  const { heard, ids, failures } = (globalThis as unknown as PageGlobals).progress
  return failures.length > 0 || (heard.length >= count && ids.length >= count)
}

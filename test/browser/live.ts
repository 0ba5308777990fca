import type { Browser, Page } from 'playwright-core'
import type { Test } from 'tap'
import { startServer } from '../support/server.js'
import { Site } from './site.js'

type Kind = 'EventSource' | 'WebSocket'

/** What a page hears first: the type of the first message, or that there is none. */
const firstHeard = (page: Page, kind: Kind, url: string): Promise<string> =>
  page.evaluate(
    ([kind, url]) =>
      new Promise<string>((resolve) => {
        const source = kind === 'WebSocket' ? new WebSocket(url.replace('http', 'ws')) : new EventSource(url)
        source.addEventListener('message', (event) => {
          const { data } = event as unknown as { readonly data: unknown }
          resolve((JSON.parse(String(data)) as { type: string }).type)
          source.close()
        })
        source.addEventListener('error', () => {
          resolve('nothing')
        })
      }),
    [kind, url] as const,
  )

const path = { EventSource: '/events', WebSocket: '/ws' } as const

/** A page that listens with what the browser has for it. */
export async function liveEvents(t: Test, browser: Browser): Promise<void> {
  const site = await Site.start(t)
  const open = await startServer(t)
  const listed = await startServer(t, { CHATROOM_CORS_ORIGIN: site.origin('app') })

  for (const kind of ['EventSource', 'WebSocket'] as const) {
    await t.test(`${kind}: a page of another origin hears, if it may`, async (t) => {
      for (const { url } of [open, listed]) {
        const client = await site.visit(t, browser, 'app', url)
        await client.register(kind)
        t.equal(await firstHeard(client.page, kind, `${url}${path[kind]}?username=${kind}`), 'hello')
      }
      const stranger = await site.visit(t, browser, 'stranger', listed.url)
      t.equal(await firstHeard(stranger.page, kind, `${listed.url}${path[kind]}?username=${kind}`), 'nothing')
    })

    await t.test(`${kind}: a page gives its token in the address`, async (t) => {
      const client = await site.visit(t, browser, 'app', open.url)
      const token = await client.register(`account of ${kind}`, 'correct horse battery staple')
      t.equal(await firstHeard(client.page, kind, `${open.url}${path[kind]}?access_token=${token}`), 'hello')
      t.notOk(open.output().includes(token), 'which no log shows')
    })
  }

  await t.test('an EventSource comes back by itself, and has lost nothing', async (t) => {
    const client = await site.visit(t, browser, 'app', open.url)
    await client.register('reader')
    await client.register('writer')
    const texts = client.page.evaluate(
      ([url]) =>
        new Promise<string[]>((resolve) => {
          const texts: string[] = []
          const source = new EventSource(url)
          source.addEventListener('message', ({ data }: { readonly data: unknown }) => {
            const event = JSON.parse(String(data)) as { type: string; message?: { message: string } }
            if (event.type === 'hello') Object.assign(globalThis, { isListening: true })
            if (event.message && texts.push(event.message.message) === 3) resolve(texts)
          })
        }),
      [`${open.url}/events?username=reader`] as const,
    )
    const send = (message: string) => client.post('/send', { sender: 'writer', recipient: 'reader', message })
    await client.page.waitForFunction('globalThis.isListening')
    await send('one')
    await client.page.context().setOffline(true)
    await client.page.context().setOffline(false)
    await send('two')
    await send('three')
    t.same(await texts, ['one', 'two', 'three'])
  })
}

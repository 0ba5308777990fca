import t, { type Test } from 'tap'
import type { Event } from '../schemas/events.js'
import { nobodyLeft } from './support/left-behind.js'
import { startLiveChat, type LiveChat } from './support/live-chat.js'
import { RawClient } from './support/raw-client.js'
import { request } from './support/raw-frames.js'

const asJson = 'application/json'
const asStream = 'text/event-stream'

/** Asks for events, and goes once the head is there. @returns the media type of the answer */
async function typeOf(t: Test, { url }: LiveChat, query: string, accept: string | undefined): Promise<string> {
  const client = await RawClient.open(t, url, request('GET', `/events?username=alice${query}`, { Accept: accept }))
  const head = await client.head()
  client.socket.destroy()
  return /^content-type: ([\w/-]+)/im.exec(head)?.[1] ?? head
}

void t.test('the answer is a stream or JSON as Accept weighs them, and JSON where wait is given', async (t) => {
  const live = await startLiveChat(t)
  await live.chat.register('alice')
  for (const [accept, type] of [
    [undefined, asStream],
    ['*/*', asStream],
    [asStream, asStream],
    ['text/*', asStream],
    [`${asStream}, */*`, asStream],
    ['text/html,application/xml;q=0.9,*/*;q=0.8', asStream],
    [`${asJson};q=0.5, ${asStream}`, asStream],
    [`${asJson};q=0, */*`, asStream],
    [`${asJson};q=0.2, application/*, text/*;q=0.3`, asStream],
    [asJson, asJson],
    ['Application/JSON', asJson],
    ['application/*', asJson],
    [`${asJson}, text/plain, */*`, asJson],
    [`${asStream};q=0.9, ${asJson}`, asJson],
    [`${asStream} ; q=0 , */*`, asJson],
    // As programs say it that were generated from the document.
    [`${asJson}, ${asStream}`, asJson],
    [`${asStream}, ${asJson}`, asJson],
  ] as const) {
    t.equal(await typeOf(t, live, '', accept), type, String(accept))
    t.equal(await typeOf(t, live, '&wait=0', accept), asJson, `wait, ${accept}`)
  }
  await nobodyLeft(live.chat)
})

/** What a stream says between its empty lines, without the chunks that it comes in. */
const blocksOf = (text: string): string[] =>
  text
    .replaceAll(/(?:^|\r\n)[0-9a-f]+\r\n/g, '')
    .split('\n\n')
    .slice(0, -1)

void t.test('each block of a stream is an event, whatever comes between two', async (t) => {
  const { chat, url } = await startLiveChat(t, { CHATROOM_HEARTBEAT: 1 })
  await chat.register('alice')
  const client = await RawClient.open(t, url, request('GET', '/events?username=alice&last_event_id=old'))
  await client.head()
  const first = await client.text(/\n:\n/)
  await chat.send('alice', 'alice', 'Hello')
  const text = `${first}${await client.text(/"Hello".*\n\n\r\n/)}`
  const blocks = blocksOf(text)
  for (const block of blocks) t.match(block, /^data: \{.*\}$/m)
  const types = blocks.map((block) => (JSON.parse(block.slice(block.indexOf('{'))) as Event).type)
  t.same(
    types.filter((type) => type !== 'presence'),
    ['hello', 'resync', 'message.created'],
  )
  t.match(blocks[0], /^retry: \d+\nid: .*\ndata: .*"hello"/)
})

void t.test('streams come back after one to five seconds, not all at once', async (t) => {
  const { chat, url } = await startLiveChat(t)
  await chat.register('alice')
  const pauses: number[] = []
  while (pauses.length < 20) {
    const client = await RawClient.open(t, url, request('GET', '/events?username=alice'))
    pauses.push(Number(/retry: (\d+)/.exec(await client.text(/retry: \d+\n/))?.[1]))
    client.socket.destroy()
  }
  t.ok(pauses.every((pause) => pause >= 1000 && pause <= 5000))
  t.ok(new Set(pauses).size > 10, String(pauses))
})

/** The ways to say a cursor beside `last_event_id`. */
const ways: Record<string, (cursor: string) => [query: string, headers: Record<string, string>]> = {
  header: (cursor: string) => ['', { 'Last-Event-ID': cursor }],
  'query of a polyfill': (cursor: string) => [`&lastEventId=${encodeURIComponent(cursor)}`, {}],
  'header, newer than the address': (cursor: string) => ['&last_event_id=0badc0de-1', { 'Last-Event-ID': cursor }],
  'polyfill, newer than the address': (cursor: string) => [
    `&last_event_id=0badc0de-1&lastEventId=${encodeURIComponent(cursor)}`,
    {},
  ],
}

for (const [way, say] of Object.entries(ways))
  void t.test(`a cursor said by ${way} counts, and what is none is answered by resync`, async (t) => {
    const { chat, url } = await startLiveChat(t)
    await chat.register('alice')
    const { event_id: cursor } = (await chat.get('/events', { username: 'alice', wait: 0 })).body
    await chat.send('alice', 'alice', 'Hello')
    for (const [said, expected] of [
      [String(cursor), 'message.created'],
      ['', 'resync'],
      ['what', 'resync'],
      [`${String(cursor)}, ${String(cursor)}`, 'resync'],
      ['0badc0de-7', 'resync'],
    ] as const)
      for (const wait of ['', '&wait=0']) {
        const [query, headers] = say(said)
        const client = await RawClient.open(t, url, request('GET', `/events?username=alice${query}${wait}`, headers))
        if (wait === '') t.match(await client.text(/"(?:resync|message\.created)"/), new RegExp(`"${expected}"`), said)
        else t.match((await client.answer()).body, { events: [{ type: expected }] }, said)
        client.socket.destroy()
      }
    await nobodyLeft(chat)
  })

void t.test('a cursor that is said twice is none', async (t) => {
  const { chat } = await startLiveChat(t)
  await chat.register('alice')
  const { event_id: cursor } = (await chat.get('/events', { username: 'alice', wait: 0 })).body
  const twice = `last_event_id=${String(cursor)}&last_event_id=${String(cursor)}`
  const answer = await chat.request({ method: 'GET', url: `/events?username=alice&wait=0&${twice}` })
  t.match(answer, { status: 200, body: { events: [{ type: 'resync' }] } })
})

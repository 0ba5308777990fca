import type { Test } from 'tap'
import type { ErrorCode } from '../../schemas/errors.js'
import { later, laterTypes, startNextYear } from '../support/next-year.js'
import { startServer } from '../support/server.js'
import type { Connect, SeedClient } from './seed-client.js'

/**
 * Lets a client that is generated today speak with the server, and with one of next year.
 * @param listens Whether it can read events.
 */
export async function useEverything(t: Test, connect: Connect, listens = true): Promise<void> {
  const today = await startServer(t)
  const thisYear = connect(today.url)
  await goThroughTheSeed(t, thisYear, (code) => code)
  if (listens) await listen(t, thisYear, ['hello'])

  const other = await startServer(t)
  const nextYear = connect(await startNextYear(t, other.url))
  await goThroughTheSeed(t, nextYear, (code) => code + later.suffix)
  if (listens) await listen(t, nextYear, ['hello', ...laterTypes])
}

async function listen(t: Test, client: SeedClient, types: readonly string[]): Promise<void> {
  await client.register('dora')
  t.same(await client.eventTypes('dora'), types)
}

async function goThroughTheSeed(t: Test, client: SeedClient, codeOf: (code: ErrorCode) => string): Promise<void> {
  t.equal(await client.getAnnouncement(), 'Welcome.')
  t.match(await client.register('alice'), /^[\w-]{43}$/)
  t.match(await client.register('bob'), /^[\w-]{43}$/)
  t.same(await client.listOnlineUsers(), ['alice', 'bob'])
  t.same(await client.listOnlineUsers('b'), ['bob'])

  t.equal(await client.sendMessage('alice', 'bob', 'Hello, Bob.'), 1)
  const { messages, last_id } = await client.pollMessages('bob', 0)
  t.match(messages, [{ id: 1, sender: 'alice', recipient: 'bob', message: 'Hello, Bob.', sent_at: /(?:Z|\+00:00)$/ }])
  t.equal(messages.length, 1)

  t.equal(await client.createRoom('alice', ['bob']), 'room_1')
  await client.sendMessage('bob', 'room_1', 'Hello, room.')
  const inRoom = (await client.pollMessages('bob', last_id)).messages
  t.match(inRoom, [
    { id: 2, sender: 'server', recipient: 'room_1' },
    { id: 3, sender: 'bob', recipient: 'room_1', message: 'Hello, room.' },
  ])
  t.match(await client.leaveRoom('bob', 'room_1'), /room/)
  await t.rejects(client.sendMessage('bob', 'room_7', 'Is anybody there?'), { code: codeOf('room_not_found') })

  await client.register('carol', 'correct horse battery staple')
  const token = await client.login('carol', 'correct horse battery staple')
  await t.rejects(client.logout('carol'), { code: codeOf('token_required') })
  t.match(await client.logout('carol', token), /carol/)
  await Promise.all([client.logout('alice'), client.logout('bob')])
  t.same(await client.listOnlineUsers(), ['carol'])
}

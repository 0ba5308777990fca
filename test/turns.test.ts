import t, { type Test } from 'tap'
import { credentials } from '../src/chat/access.js'
import type { ChatService } from '../src/chat/chat-service.js'
import type { Batch, Sink } from '../src/chat/ports.js'
import { Deadlines } from '../src/hub/deadlines.js'
import { Connections, type Connection } from '../src/live/connections.js'
import type { ChatOptions } from '../src/node/open-chat.js'
import { boundsOf } from '../src/settings.js'
import { testSettings } from './support/chat.js'
import { inMemory, openChat } from './support/open-chat.js'
import { until } from './support/remote.js'

const nobody = credentials(undefined)
const [manyRooms, listeners] = [1000, 400]
/** What may be done for those who listen in one turn of the event loop: pieces of work of some µs. */
const mostInTurn = 20_000
/** The CPU time of a turn, in ms: 20 are promised, of a machine that has nothing else to do. */
const mostCpu = 150

/** What is done in the turns of the event loop, and how long they take. */
class Turns {
  /** Pieces of work in the turn that had most. */
  most = 0
  /** The CPU time of the turn that took most, in ms. */
  cpu = 0
  private pieces = 0
  private before = process.cpuUsage()
  private isOver = false

  constructor(t: Test) {
    t.teardown(() => (this.isOver = true))
    this.next()
  }

  count(pieces: number): void {
    this.pieces += pieces
  }

  /** Forgets the turns before. */
  reset(): void {
    ;[this.most, this.cpu, this.pieces] = [0, 0, 0]
    this.before = process.cpuUsage()
  }

  /** Until it is so, and the turn in which it has become so is over. */
  async until(isSo: () => boolean): Promise<void> {
    await until(isSo)
    for (const _ of [1, 2]) await new Promise((resolve) => setImmediate(resolve))
  }

  private next(): void {
    const { user, system } = process.cpuUsage(this.before)
    this.before = process.cpuUsage()
    this.most = Math.max(this.most, this.pieces)
    this.cpu = Math.max(this.cpu, (user + system) / 1000)
    this.pieces = 0
    if (!this.isOver) setImmediate(() => this.next())
  }
}

interface Presence {
  readonly users: readonly { readonly username: string }[]
  readonly room_id?: string
}

/** Somebody who listens, and counts. */
class Reader implements Sink {
  readonly hasRoom = true
  events = 0
  readonly types = new Map<string, number>()
  /** Who was told to be connected, and of how many rooms how many are. */
  readonly present = new Set<string>()
  readonly counted = new Set<string>()
  private last = 0
  isInOrder = true

  constructor(private readonly turns: Turns) {}

  take({ events }: Batch): void {
    this.turns.count(events.length)
    this.events += events.length
    for (const { json, eventId = '' } of events) {
      const [, type = ''] = /"type":"(.*?)"/.exec(json.toString('latin1', 0, 40)) ?? []
      this.types.set(type, (this.types.get(type) ?? 0) + 1)
      if (type === 'presence') this.takePresence(JSON.parse(json.toString()) as Presence)
      const place = /-(\d+)\.(\d+)$/.exec(eventId)
      if (!place) continue
      const number = Number(place[1]) * 100_000 + Number(place[2])
      this.isInOrder &&= number > this.last
      this.last = number
    }
  }

  private takePresence({ users, room_id: room }: Presence): void {
    for (const { username } of users) this.present.add(username)
    if (room !== undefined) this.counted.add(room)
  }

  count(type: string): number {
    return this.types.get(type) ?? 0
  }

  close(): void {
    // The guest who goes is told so.
  }
}

function listen(chat: ChatService, username: string, turns: Turns): Reader {
  const reader = new Reader(turns)
  chat.listen({ user: chat.listener(username, nobody), credentials: nobody }, {}, reader)
  return reader
}

/** So short that a test need not wait. */
const presenceTimes = { grace: 100, gather: 100, gatherLarge: 100 }

async function open(t: Test, options: Partial<ChatOptions> = {}): Promise<ChatService> {
  const chat = await openChat(inMemory(), {
    bounds: { ...boundsOf(testSettings()), bytes_per_day: 10 ** 12 },
    presenceTimes,
    ...options,
  })
  t.teardown(() => chat.close())
  return chat
}

const names = (name: string, count: number): string[] => Array.from({ length: count }, (_, index) => `${name} ${index}`)

/** Rooms that the guests are in, with all of the others. */
async function fill(
  chat: ChatService,
  guests: readonly string[],
  others: readonly string[],
  rooms = manyRooms,
): Promise<void> {
  for (const name of [...guests, ...others]) await chat.register(name)
  const [admin = '', ...members] = others
  const participants = [...guests, ...members]
  for (let room = 0; room < rooms; room++) await chat.createRoom({ admin, participants }, nobody)
}

void t.test('a guest who goes out of many rooms in which many listen', async (t) => {
  const chat = await open(t)
  await fill(chat, ['mallory'], names('user', listeners))
  const turns = new Turns(t)
  const readers = [...names('user', listeners), 'mallory'].map((name) => listen(chat, name, turns))
  const mallory = readers.pop()
  turns.reset()
  await chat.logout('mallory', nobody)
  await turns.until(() => readers.every((reader) => reader.count('message.created') === manyRooms))
  t.ok(turns.most < mostInTurn, `${turns.most} pieces of work in a turn`)
  t.ok(turns.cpu < mostCpu, `${turns.cpu} ms in a turn`)
  t.ok(
    readers.every((reader) => reader.isInOrder && reader.count('member.left') === manyRooms),
    'each is told all, in order',
  )
  t.equal(mallory?.count('member.left'), manyRooms)
  t.equal(mallory?.count('message.created'), 0, 'and who has left a room, nothing more of it')
  await t.rejects(chat.send({ sender: 'mallory', recipient: 'user 0', message: 'x' }, nobody), {
    code: 'user_not_found',
  })
})

void t.test('guests who are idle, and one whose name is taken, go the same way', async (t) => {
  let time = Date.now()
  const chat = await open(t, { now: () => time, guestTtl: 3_600_000 })
  await fill(chat, ['mallory'], names('user', listeners))
  const turns = new Turns(t)
  time += 7_200_000
  const readers = names('user', listeners).map((name) => listen(chat, name, turns))
  turns.reset()
  await chat.register('mallory')
  await turns.until(() => readers.every((reader) => reader.count('message.created') === manyRooms))
  t.ok(turns.most < mostInTurn, `${turns.most} pieces of work in a turn`)
  t.ok(readers.every(({ isInOrder }) => isInOrder))
})

for (const [size, others, rooms] of [
  ['large', listeners, 300],
  ['small', 40, 1000],
] as const)
  void t.test(`guests who come at once into many ${size} rooms`, async (t) => {
    const chat = await open(t)
    const [users, guests] = [names('user', others), names('guest', size === 'large' ? 100 : 20)]
    await fill(chat, guests, users, rooms)
    const turns = new Turns(t)
    const readers = users.map((name) => listen(chat, name, turns))
    const isTold = ({ counted, present }: Reader) =>
      size === 'large' ? counted.size === rooms : users.every((name) => present.has(name))
    await turns.until(() => readers.every(isTold))
    for (const { counted, types } of readers) {
      counted.clear()
      types.clear()
    }
    turns.reset()
    for (const guest of guests) {
      listen(chat, guest, turns)
      await new Promise((resolve) => setImmediate(resolve))
    }
    const isToldOfGuests = ({ counted, present }: Reader) =>
      size === 'large' ? counted.size === rooms : guests.every((name) => present.has(name))
    await turns.until(() => readers.every(isToldOfGuests))
    t.ok(turns.most < mostInTurn, `${turns.most} pieces of work in a turn`)
    t.ok(turns.cpu < mostCpu, `${turns.cpu} ms in a turn`)
    const told = Math.max(...readers.map((reader) => reader.count('presence')))
    const most = size === 'large' ? 2 * rooms : guests.length
    t.ok(told <= most, `${told} events for somebody who is in all of the rooms`)
  })

void t.test('a message to many listeners takes several turns', async (t) => {
  const chat = await open(t)
  const all = names('user', 3000)
  for (const name of all) await chat.register(name)
  const { roomId } = await chat.createRoom({ admin: 'user 0', participants: all }, nobody)
  const turns = new Turns(t)
  const readers = all.map((name) => listen(chat, name, turns))
  await turns.until(() => readers.every(({ events }) => events === 0))
  turns.reset()
  const texts = Array.from({ length: 5 }, () =>
    chat.send({ sender: 'user 1', recipient: roomId, message: 'x' }, nobody),
  )
  await Promise.all(texts)
  await turns.until(() => readers.every((reader) => reader.count('message.created') === texts.length))
  t.ok(turns.most <= 256 * (texts.length + 3), `${turns.most} in a turn`)
  t.ok(readers.every(({ isInOrder }) => isInOrder))
})

void t.test('whoever is asked, released or closed by the thousand has turns', async (t) => {
  const turns = new Turns(t)
  const most = 1024
  const deadlines = new Deadlines()
  let called = 0
  for (let count = 0; count < 3000; count++)
    deadlines.add(10, () => {
      turns.count(1)
      called++
    })
  await turns.until(() => called === 3000)
  t.ok(turns.most <= most, `${turns.most} deadlines in a turn`)

  const chat = await open(t)
  await chat.register('ann')
  const polls = Array.from({ length: 3000 }, () =>
    chat.poll({ username: 'ann', wait: 60 }, nobody).then(() => turns.count(1)),
  )
  turns.reset()
  chat.releasePolls()
  await Promise.all(polls)
  await turns.until(() => true)
  t.ok(turns.most <= most, `${turns.most} polls in a turn`)

  const connections = new Connections({ perAddress: 10_000, perUser: 10_000 }, 60_000, () => undefined)
  const user = chat.listener('ann', nobody)
  let closed = 0
  for (let count = 0; count < 3000; count++) {
    const connection: Connection = {
      caller: { user, credentials: nobody, address: '' },
      beat: () => undefined,
      close: () => {
        turns.count(1)
        closed++
        connections.remove(connection)
      },
    }
    connections.add(connection)
  }
  turns.reset()
  connections.close()
  await turns.until(() => closed === 3000)
  t.ok(turns.most <= most, `${turns.most} closes in a turn`)
})

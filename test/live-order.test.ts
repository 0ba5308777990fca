import assert from 'node:assert/strict'
import fc from 'fast-check'
import t from 'tap'
import type { Command } from '../schemas/commands.js'
import { credentials } from '../src/chat/access.js'
import { ChatError } from '../src/chat/chat-error.js'
import type { ChatService } from '../src/chat/chat-service.js'
import type { Batch, Sink, Subscription } from '../src/chat/ports.js'
import { MemoryLog } from '../src/log/memory-log.js'
import { commandEntry, Refused } from '../src/chat/command-log.js'
import type { Apply, Opening } from '../src/log/log.js'
import { openChat } from './support/open-chat.js'
import { runs } from './support/random.js'

const nobody = credentials(undefined)
const users = ['ann', 'bob', 'cem']

/** What a user is told, over one connection after another. */
class Reader implements Sink {
  /** The ids of the messages. */
  readonly got: number[] = []
  cursor: string | undefined
  private subscription: Subscription | undefined
  private isFull = false

  constructor(
    private readonly chat: ChatService,
    readonly name: string,
  ) {}

  get hasRoom(): boolean {
    return !this.isFull
  }

  connect(): void {
    if (this.subscription) return
    const user = this.chat.listener(this.name, nobody)
    const beginning = { lastEventId: this.cursor, hello: { heartbeat_seconds: 30 } }
    this.subscription = this.chat.listen({ user, credentials: nobody }, beginning, this)
  }

  cut(): void {
    this.subscription?.end()
    this.subscription = undefined
  }

  /** A connection that is full takes no more of a backlog. */
  fill(isFull: boolean): void {
    this.isFull = isFull
    if (!isFull) this.subscription?.resume()
  }

  take({ events }: Batch): void {
    for (const { json, eventId } of events) {
      const event = JSON.parse(json.toString()) as { type: string; message?: { id: number } }
      if (event.type === 'resync') throw new Error('nothing is that old')
      if (eventId === undefined) continue
      this.cursor = eventId
      if (event.message) this.got.push(event.message.id)
    }
  }

  close(): void {
    throw new Error('nobody is closed')
  }
}

type Step =
  | { readonly type: 'send' | 'leave'; readonly from: string; readonly to: string }
  | { readonly type: 'create'; readonly from: string; readonly with: readonly string[] }
  /** `within`: while the next command is being applied, together with others. */
  | { readonly type: 'connect' | 'cut' | 'fill' | 'empty'; readonly from: string; readonly within: boolean }
  | { readonly type: 'together' }

/** She is always there, so she is told everything. */
const always = 'ann'
const user = fc.constantFrom(...users)
const others = fc.constantFrom(...users.filter((name) => name !== always))
const room = fc.integer({ min: 1, max: 4 }).map((number) => `room_${number}`)
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ type: fc.constant('send' as const), from: user, to: fc.oneof(user, room) }) },
  { weight: 1, arbitrary: fc.record({ type: fc.constant('leave' as const), from: user, to: room }) },
  { weight: 2, arbitrary: fc.record({ type: fc.constant('create' as const), from: user, with: fc.subarray(users) }) },
  {
    weight: 4,
    arbitrary: fc.record({
      type: fc.constantFrom('connect' as const, 'cut', 'fill', 'empty'),
      from: others,
      within: fc.boolean(),
    }),
  },
  { weight: 3, arbitrary: fc.constant({ type: 'together' as const }) },
)

/** Who is to be told which message, as one would reckon it from the commands at their places in the order. */
class Reckoning extends MemoryLog {
  private readonly rooms = new Map<number, Set<number>>()
  private readonly left = new Set<string>()
  private newest = 0
  /** What is to happen when the next command has been applied. */
  readonly afterwards: (() => void)[] = []
  private readonly told: {
    readonly id: number
    readonly to: ReadonlySet<number>
    readonly room: number | undefined
  }[] = []

  override open(apply: Apply, opening: Opening): Promise<void> {
    return super.open((entry) => {
      const outcome = apply(entry)
      if (outcome instanceof Refused) return outcome
      this.reckon(commandEntry(entry, this.name).command)
      for (const act of this.afterwards.splice(0)) act()
      return outcome
    }, opening)
  }

  /** What a user must have been told, and what it may have been told. */
  for(user: number): { must: number[]; may: number[] } {
    const may = this.told.filter(({ to }) => to.has(user))
    const must = may.filter(({ room }) => !this.left.has(`${user} ${room}`))
    return { must: must.map(({ id }) => id), may: may.map(({ id }) => id) }
  }

  private reckon(command: Command): void {
    switch (command.type) {
      case 'create_room':
        this.rooms.set(this.rooms.size + 1, new Set([command.admin, ...command.participants]))
        this.message(this.rooms.size)
        break
      case 'leave_room':
        this.rooms.get(command.room)?.delete(command.user)
        this.left.add(`${command.user} ${command.room}`)
        if (this.rooms.get(command.room)?.size) this.message(command.room)
        break
      case 'send':
        this.message(command.to_room, [command.sender, command.to_user ?? 0])
    }
  }

  private message(room: number | undefined, to: number[] = []): void {
    this.told.push({ id: ++this.newest, to: new Set(this.rooms.get(room ?? 0) ?? to), room })
  }
}

async function run(steps: readonly Step[]): Promise<void> {
  const log = new Reckoning()
  const chat = await openChat({ log, release: () => undefined })
  for (const name of users) await chat.register(name)
  const readers = users.map((name) => new Reader(chat, name))
  for (const reader of readers) reader.connect()
  await act(chat, log, readers, steps)
  for (const reader of readers) {
    reader.fill(false)
    reader.connect()
  }
  log.afterwards.length = 0
  // Once this has been told, all before has.
  await chat.announce('the end')
  for (const [index, { name, got }] of readers.entries()) {
    const { must, may } = log.for(index + 1)
    const shown = `${name} got ${got.join()}, must get ${must.join()}, may get ${may.join()}`
    assert.deepEqual(
      got,
      Array.from(new Set(got)).sort((one, other) => one - other),
      `once and in order: ${shown}`,
    )
    assert.ok(
      (name === always ? may : must).every((id) => got.includes(id)),
      `all: ${shown}`,
    )
    assert.ok(
      got.every((id) => may.includes(id)),
      `nothing else: ${shown}`,
    )
  }
  for (const reader of readers) reader.cut()
  await chat.close()
}

/** Takes the steps; those between two `together` in one turn, so that they are committed, and told, together. */
async function act(
  chat: ChatService,
  log: Reckoning,
  readers: readonly Reader[],
  steps: readonly Step[],
): Promise<void> {
  let turn: Promise<unknown>[] | undefined
  for (const step of steps) {
    if (step.type === 'together') {
      await Promise.all(turn ?? [])
      turn = turn ? undefined : []
      continue
    }
    if ('within' in step) {
      const reader = readers.find(({ name }) => name === step.from)
      if (step.within) log.afterwards.push(() => actOn(reader, step.type))
      else actOn(reader, step.type)
      continue
    }
    const work = command(chat, step)
    if (turn) turn.push(work)
    else await work
  }
  await Promise.all(turn ?? [])
}

function actOn(reader: Reader | undefined, what: 'connect' | 'cut' | 'fill' | 'empty'): void {
  if (what === 'connect') reader?.connect()
  else if (what === 'cut') reader?.cut()
  else reader?.fill(what === 'fill')
}

async function command(
  chat: ChatService,
  step: Extract<Step, { type: 'send' | 'leave' | 'create' }>,
): Promise<unknown> {
  const { from } = step
  try {
    switch (step.type) {
      case 'send':
        return await chat.send({ sender: from, recipient: step.to, message: 'x' }, nobody)
      case 'create':
        return await chat.createRoom({ admin: from, participants: [...step.with] }, nobody)
      case 'leave':
        return await chat.leaveRoom(from, step.to, nobody)
    }
  } catch (error) {
    // Who is not in a room does not speak in it.
    if (!(error instanceof ChatError)) throw error
    return undefined
  }
}

void t.test(
  'whatever is sent, left, cut and resumed, each is told its messages once, in order, and no others',
  async () => {
    await fc.assert(fc.asyncProperty(fc.array(step, { minLength: 10, maxLength: 60 }), run), runs(100, 1000))
  },
)

import assert from 'node:assert/strict'
import fc from 'fast-check'
import t from 'tap'
import type { Command } from '../schemas/commands.js'
import { credentials } from '../src/chat/access.js'
import { ChatError } from '../src/chat/chat-error.js'
import { ChatService } from '../src/chat/chat-service.js'
import { ChatState } from '../src/chat/chat-state.js'
import type { ChatEvent } from '../src/chat/events.js'
import { nameKey } from '../src/chat/names.js'
import { pageJson } from '../src/chat/page.js'
import { IdList } from '../src/chat/state/id-list.js'
import { mergeAfter } from '../src/chat/history.js'
import { MessageStore } from '../src/chat/state/message-store.js'
import type { Storage } from '../src/folder/storage.js'
import { MemoryLog } from '../src/log/memory-log.js'
import { boundsOf, messageMemoryOf } from '../src/settings.js'
import { testSettings } from './support/chat.js'
import { NaiveChat, type Step } from './support/naive-chat.js'

const bounds = boundsOf(testSettings())
const messageMemory = messageMemoryOf(testSettings())
const nobody = credentials(undefined)

const inMemory = (): Storage => ({ log: new MemoryLog(), release: () => undefined })

const openChat = () =>
  ChatService.open({ storage: inMemory(), auth: 'open', bounds, messageMemory, guestTtl: 86_400_000 })

const name = fc.constantFrom('ann', 'Bob', 'cy', 'ANN')
const room = fc.constantFrom('room_1', 'room_2', 'room_3')
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 3, arbitrary: fc.record({ do: fc.constant('register' as const), name }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('logout' as const), name }) },
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant('send' as const),
      name,
      to: fc.oneof(name, room),
      text: fc.constantFrom('x', '"é\n', '💬'),
      clientId: fc.option(fc.constantFrom('1', '"2"'), { nil: undefined }),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({ do: fc.constant('create' as const), name, participants: fc.array(name, { maxLength: 2 }) }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('leave' as const), name, room }) },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('poll' as const),
      name,
      lastId: fc.nat(8),
      limit: fc.integer({ min: 1, max: 4 }),
    }),
  },
  { weight: 1, arbitrary: fc.constant({ do: 'online' as const }) },
)

/** The answer of the real chat, told as the naive one tells it. */
async function answerOf(chat: ChatService, it: Step): Promise<unknown> {
  switch (it.do) {
    case 'register':
      return (await chat.register(it.name)).username
    case 'logout':
      return (await chat.logout(it.name, nobody)).replace(' is logged out.', '')
    case 'send': {
      const request = {
        sender: it.name,
        recipient: it.to,
        message: it.text,
        ...(it.clientId !== undefined && { client_id: it.clientId }),
      }
      const { message, message_id } = await chat.send(request, nobody)
      return { id: message_id, recipient: /^Message sent to (.*)\.$/.exec(message)?.[1] }
    }
    case 'create':
      return (await chat.createRoom({ admin: it.name, participants: [...it.participants] }, nobody)).roomId
    case 'leave':
      await chat.leaveRoom(it.name, it.room, nobody)
      return it.room
    case 'poll':
      return plainPage(await chat.poll({ username: it.name, last_id: it.lastId, limit: it.limit }, nobody))
    case 'online':
      return chat.online({}, nobody).names
  }
}

function plainPage(json: Buffer): object {
  const { messages, last_id, has_more } = JSON.parse(json.toString()) as {
    messages: { sent_at?: string }[]
    last_id: number
    has_more: boolean
  }
  for (const message of messages) delete message.sent_at
  return { messages, last_id, has_more }
}

const take = (chat: ChatService, it: Step): Promise<unknown> =>
  answerOf(chat, it).catch((error: unknown) => {
    if (error instanceof ChatError) return error.code
    throw error
  })

const everything: readonly Step[] = [
  ...['ann', 'Bob', 'cy'].map((it) => ({ do: 'poll', name: it, lastId: 0, limit: 1000 }) as const),
  { do: 'online' },
]

void t.test(
  'ten thousand random sequences of commands get the answers of a naive model, and end in its state',
  async (t) => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
        const chat = await openChat()
        const model = new NaiveChat()
        for (const it of [...steps, ...everything]) {
          const expected = model.take(it)
          const actual = await take(chat, it)
          if (JSON.stringify(actual) !== JSON.stringify(expected)) {
            throw new Error(`${JSON.stringify(it)}: ${JSON.stringify(actual)} rather than ${JSON.stringify(expected)}`)
          }
        }
        await chat.close()
      }),
      { numRuns: 10_000 },
    )
    t.pass('they agree')
  },
)

const number = fc.integer({ min: 1, max: 5 })
const hash = fc.constantFrom('aaaa', 'abbb', 'bbbb', 'cccc')
const command: fc.Arbitrary<Command> = fc.oneof(
  fc.record({ type: fc.constant('register' as const), username: name, token_hash: hash }),
  fc.record({
    type: fc.constant('register' as const),
    username: name,
    token_hash: hash,
    password_hash: fc.constant('$argon2id$'),
  }),
  fc.record({ type: fc.constant('register' as const), username: name, token_hash: hash, idle_before: fc.nat(60) }),
  fc.record({
    type: fc.constantFrom('open_session' as const, 'close_session' as const),
    user: number,
    token_hash: hash,
  }),
  fc.record({ type: fc.constantFrom('remove_guest' as const, 'touch' as const), user: number }),
  fc.record({ type: fc.constant('expire_guests' as const), idle_before: fc.nat(60), at_most: fc.nat(2) }),
  fc.record({ type: fc.constant('send' as const), sender: number, to_user: number, text: fc.string() }),
  fc.record({
    type: fc.constant('send' as const),
    sender: number,
    to_room: number,
    text: fc.string(),
    client_id: fc.constantFrom('1', '2'),
    content_hash: hash,
  }),
  fc.record({
    type: fc.constant('create_room' as const),
    admin: number,
    participants: fc.array(number, { maxLength: 3 }),
    visibility: fc.constantFrom('private' as const, 'public' as const),
  }),
  fc.record({ type: fc.constant('leave_room' as const), user: number, room: number }),
  fc.record({ type: fc.constant('announce' as const), text: fc.string() }),
  fc.record({
    type: fc.constant('configure' as const),
    bounds: fc.constantFrom(bounds, { ...bounds, users: 3, rooms_per_user: 1 }),
  }),
)
const entries = fc.array(fc.tuple(command, fc.nat(100)), { maxLength: 60 })

/** What applying came to: the outcome, or the code of the failure. */
function applied(state: ChatState, position: number, at: number, it: Command): unknown {
  try {
    return state.apply({ position, at, command: it })
  } catch (error) {
    if (error instanceof ChatError) return error.code
    throw error
  }
}

void t.test('two states that were given the same entries are equal, and so is what they answered', async (t) => {
  fc.assert(
    fc.property(entries, (all) => {
      const events: string[] = []
      const emit = ({ type }: ChatEvent) => events.push(type)
      const [one, other] = [new ChatState(messageMemory, emit), new ChatState(messageMemory, emit)]
      const outcomes = [one, other].map((state) => all.map(([it, at], i) => applied(state, i + 1, at, it)))
      assert.deepEqual(outcomes[0], outcomes[1])
      assert.deepEqual(events.slice(0, events.length / 2), events.slice(events.length / 2))
      assert.deepEqual(one, other)
    }),
    { numRuns: 300 },
  )
  t.pass('it held')
})

void t.test('a command that is not valid at its place changes nothing', async (t) => {
  fc.assert(
    fc.property(entries, (all) => {
      const [one, other] = [new ChatState(messageMemory), new ChatState(messageMemory)]
      for (const [i, [it, at]] of all.entries()) {
        const outcome = applied(one, i + 1, at, it)
        // The other state never gets what was refused.
        if (typeof outcome !== 'string') applied(other, i + 1, at, it)
        else Object.assign(other, { time: Math.max(other.time, at), position: i + 1, events: [] })
      }
      assert.deepEqual(one, other)
    }),
    { numRuns: 300 },
  )
  t.pass('it held')
})

void t.test('time does not go back when a clock is set back', async (t) => {
  const state = new ChatState(messageMemory)
  state.apply({ position: 1, at: 2000, command: { type: 'announce', text: 'a' } })
  state.apply({ position: 2, at: 1000, command: { type: 'announce', text: 'b' } })
  t.equal(state.time, 2000)
})

void t.test('the message store gives back what it was given, byte for byte', async (t) => {
  const message = fc.record({
    sender: fc.constantFrom('ann', '李'),
    senderNumber: fc.constantFrom(1, 2),
    recipient: fc.constantFrom('bob', 'room_1'),
    text: fc.oneof(fc.string({ unit: 'grapheme' }), fc.string({ minLength: 50_000, maxLength: 100_000 })),
    sentAt: fc.nat(),
    clientId: fc.option(fc.string({ unit: 'grapheme', maxLength: 64 }), { nil: undefined }),
  })
  fc.assert(
    fc.property(
      fc.array(message, { maxLength: 40 }),
      fc.constantFrom(1, 2),
      fc.infiniteStream(fc.boolean()),
      (all, viewer, pick) => {
        const store = new MessageStore(2 ** 21)
        const ids = all.map((it) => store.append(it)).filter((id) => id >= store.floor && pick.next().value)
        const kept = ids.filter((id) => id >= store.floor)
        const { messages } = JSON.parse(
          pageJson(store, { archived: [], ids: kept, lastId: 0, hasMore: false }, viewer).toString(),
        ) as { messages: unknown[] }
        assert.deepEqual(
          messages,
          kept.map((id) => {
            const { sender, senderNumber, recipient, text, sentAt, clientId } = all[id - 1] as (typeof all)[number]
            const own = senderNumber === viewer && clientId !== undefined && { client_id: clientId }
            return { id, sender, recipient, message: text, sent_at: new Date(sentAt).toISOString(), ...own }
          }),
        )
      },
    ),
    { numRuns: 100 },
  )
  t.pass('it held')
})

void t.test('lists of ids are merged as sets would be, whatever has been forgotten', async (t) => {
  fc.assert(
    fc.property(
      fc.array(fc.nat(3), { maxLength: 300 }),
      fc.nat(300),
      fc.integer({ min: 1, max: 50 }),
      fc.nat(100),
      (where, lastId, count, kept) => {
        const lists = [new IdList(), new IdList(), new IdList(), new IdList()]
        for (const [i, list] of where.entries()) lists[list]?.push(i + 1, Math.max(1, i - kept))
        const floor = Math.max(lastId, where.length - kept - 1)
        const expected = where.map((_list, i) => i + 1).filter((id) => id > floor && where[id - 1] !== 0)
        assert.deepEqual(mergeAfter(lists.slice(1), floor, count), expected.slice(0, count))
      },
    ),
  )
  t.pass('it held')
})

void t.test("a name's key is stable, and one for all its forms", async (t) => {
  for (let point = 0; point < 0x30000; point++) {
    if (point >= 0xd800 && point < 0xe000) continue
    const text = `a${String.fromCodePoint(point)}`
    const key = nameKey(text)
    const forms = [
      key,
      text.toLowerCase(),
      text.toUpperCase(),
      text.normalize('NFC'),
      text.normalize('NFD'),
      text.normalize('NFKC'),
    ]
    const other = forms.find((form) => nameKey(form) !== key)
    if (other !== undefined) t.fail(`U+${point.toString(16)}: ${other} has another key`)
  }
  t.pass('all have been looked at')
})

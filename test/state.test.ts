import assert from 'node:assert/strict'
import fc from 'fast-check'
import t from 'tap'
import type { Command } from '../schemas/commands.js'
import { ChatState } from '../src/chat/chat-state.js'
import type { Applied, KeptEvent } from '../src/chat/events.js'
import { nameKey } from '../src/chat/names.js'
import { pageJson } from '../src/chat/messages/page.js'
import { IdList } from '../src/chat/messages/id-list.js'
import { mergeAfter } from '../src/chat/messages/history.js'
import { MessageStore } from '../src/chat/messages/message-store.js'
import { messageMemoryOf } from '../src/settings.js'
import { testSettings } from './support/chat.js'
import { applied, entries } from './support/entries.js'
import { keptEvents } from './support/lived.js'
import { NaiveChat } from './support/naive-chat.js'
import { inMemory, openChat } from './support/open-chat.js'
import { runs } from './support/random.js'
import { agree, everything, step } from './support/steps.js'

const messageMemory = messageMemoryOf(testSettings())

void t.test('random sequences of commands get the answers of a naive model, and end in its state', async (t) => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
      const chat = await openChat(inMemory())
      await agree(chat, new NaiveChat(), [...steps, ...everything])
      await chat.close()
    }),
    runs(1000, 10_000),
  )
  t.pass('they agree')
})

void t.test('two states that were given the same entries are equal, and so is what they answered', async (t) => {
  fc.assert(
    fc.property(entries, (all) => {
      // However much of it is in memory.
      const states = [2 ** 21, 2 ** 26].map((memory) => new ChatState(memory))
      const told = states.map((state) => {
        const events: KeptEvent[] = []
        const take = (result: Applied) => events.push(...keptEvents(result))
        return { outcomes: all.map(([it, at], i) => applied(state, i + 1, at, it, { take })), events }
      })
      assert.deepEqual(told[0], told[1])
      assert.deepEqual(states[0]?.facts, states[1]?.facts)
    }),
    runs(300, 3000),
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
        else Object.assign(other, { time: Math.max(other.time, at), position: i + 1 })
      }
      assert.deepEqual(one.facts, other.facts)
      assert.deepEqual(one.messages, other.messages)
    }),
    runs(300, 3000),
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
        const ids = all
          .map(({ senderNumber: sender, clientId, ...content }) =>
            store.append(content, { target: 1, sender, sentAt: content.sentAt, clientId }),
          )
          .filter((id) => id >= store.floor && pick.next().value)
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
    runs(100, 1000),
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

void t.test('a client_id that has been forgotten stays so when more are remembered from then on', async (t) => {
  const state = new ChatState(messageMemory)
  let position = 0
  const apply = (command: Command) => state.apply({ position: ++position, at: position, command })
  const remember = (count: number) => apply({ type: 'configure', bounds: { ...state.bounds, idempotency_keys: count } })
  const send = (id: string) => apply({ type: 'send', sender: 1, to_user: 1, text: id, client_id: id, content_hash: id })
  const known = () => 'abcde'.split('').filter((id) => state.sentBefore(state.users.named('ann'), id, id))
  apply({ type: 'register', username: 'ann', token_hash: 'ann' })
  remember(2)
  for (const id of ['a', 'b', 'c']) send(id)
  t.same(known(), ['b', 'c'])
  remember(100)
  for (const id of ['d', 'e']) send(id)
  t.same(known(), ['b', 'c', 'd', 'e'])
  remember(3)
  t.same(known(), ['c', 'd', 'e'])
  remember(100)
  t.same(known(), ['c', 'd', 'e'])
})

import assert from 'node:assert/strict'
import fc from 'fast-check'
import t, { type Test } from 'tap'
import type { ChatService } from '../src/chat/chat-service.js'
import { testSettings } from './support/chat.js'
import { NaiveChat } from './support/naive-chat.js'
import { openChat, stateOf } from './support/open-chat.js'
import { rounds, runs } from './support/random.js'
import { agree, everything, step } from './support/steps.js'
import { shareFolder } from './support/two-nodes.js'

/**
 * What one node promises, two that share a folder do, too: the suites of the one run again, with each request and each
 * connection at one of two nodes at random, and with a delay between these.
 */

/** What cannot be so there, and why. */
const leftOut: Readonly<Record<string, string>> = {
  'when the memory for messages is full, the oldest are forgotten': 'what is in a folder is not forgotten',
  'only so many client_ids are remembered': 'what is in a folder is remembered',
  'a long poll is held for 45 seconds at most, whatever it asks for':
    'it counts the polls of one node, and turns its clock',
}

const suites = [
  'messages',
  'rooms',
  'changed-messages',
  'live',
  'presence',
  ...(rounds(0, 1) === 1 ? ['users', 'announcement', 'long-poll', 'retention'] : []),
]

process.env['CHATROOM_TEST_NODES'] = '2'
const test = t.test.bind(t) as (name: string, ...rest: unknown[]) => Promise<unknown>
t.test = ((name: string, ...rest: unknown[]) => {
  const reason = leftOut[name]
  return reason === undefined ? test(name, ...rest) : test(name, { skip: reason })
}) as Test['test']

for (const suite of suites) await import(`./${suite}.test.js`)

/** One chat, of which each call comes to another node by chance. */
const atRandom = (chats: readonly ChatService[]): ChatService =>
  new Proxy({} as ChatService, {
    get(_target, name) {
      const chat = chats[Math.floor(Math.random() * chats.length)] as ChatService
      const value: unknown = Reflect.get(chat, name)
      return typeof value === 'function' ? (value.bind(chat) as unknown) : value
    },
  })

void t.test('random sequences of commands get the answers of a naive model, whichever node is asked', async (t) => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 30, maxLength: 60 }), async (steps) => {
      const { owned, follow } = await shareFolder(t, { settings: testSettings() })
      const owner = await openChat(owned)
      const follower = await openChat(await follow())
      await agree(atRandom([owner, follower]), new NaiveChat(), [...steps, ...everything, ...everything])
      assert.deepEqual(stateOf(follower).facts, stateOf(owner).facts)
      for (const chat of [follower, owner]) await chat.close()
    }),
    { ...runs(15, 300), endOnFailure: true },
  )
  t.pass('they agree, and end in one state')
})

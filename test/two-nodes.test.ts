import assert from 'node:assert/strict'
import fc from 'fast-check'
import t from 'tap'
import type { ChatService } from '../src/chat/chat-service.js'
import type { OwnerLog } from '../src/log/followed/owner-log.js'
import { startChat, testSettings } from './support/chat.js'
import { NaiveChat } from './support/naive-chat.js'
import { liveOf, openChat, stateOf } from './support/open-chat.js'
import { rounds, runs } from './support/random.js'
import { kept, runAgain } from './support/run-again.js'
import { agree, everything, step } from './support/steps.js'
import { shareFolder } from './support/two-nodes.js'

/**
 * What one node promises, two that share a folder do, too: the suites of the one run again, with each request and each
 * connection at one of two nodes at random, and with a delay between these.
 */

/** What cannot be so there, and why. */
const leftOut: Readonly<Record<string, string>> = {
  ...kept,
  'a long poll is held for 45 seconds at most, whatever it asks for':
    'it counts the polls of one node, and turns its clock',
  'members are told of their room, and who has left is told nothing afterwards':
    'of two acts at once, either may be the first on two nodes',
  'nothing is left of a guest who goes while a poll waits': 'it counts the polls of one node',
  'polls that wait are connections of their user, of which there may be so many': 'each node counts them for itself',
}

const isWhole = rounds(0, 1) === 1
/** Between nodes a stream is as a WebSocket is. */
const likeAnother = 'Server-Sent Events: '

const suites = [
  'messages',
  'live',
  'presence',
  ...(isWhole ? ['changed-messages', 'rooms', 'users', 'announcement', 'long-poll', 'retention'] : []),
]

process.env['CHATROOM_TEST_NODES'] = '2'

void t.test('the app of a suite is two nodes', async (t) => {
  const { app } = await startChat(t)
  const log = liveOf(app.chat)['log'] as unknown as OwnerLog
  t.equal(log['followers'].size, 1)
})

await runAgain(t, {
  suites,
  leftOut,
  isNeedless: (title) => (!isWhole && title.startsWith(likeAnother) ? 'it goes the way of another one' : undefined),
})

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

import type * as AppModule from '../../src/app.js'
import type * as SettingsModule from '../../src/settings.js'
import { built } from './built.js'
import { fill } from './fill.js'
import { messageObjects, scan } from './objects.js'

/**
 * Times an empty poll against a scan of objects, by turns, without HTTP: `poll-process.ts <messages> <conversations>`.
 * Prints {@link PollTimes} as JSON.
 */

/** µs of CPU a poll and a scan, round by round. */
export interface PollTimes {
  readonly polls: readonly number[]
  readonly scans: readonly number[]
}

const rounds = 15
const pollsInRound = 10_000
const scansInRound = 50

const { buildApp } = await built<typeof AppModule>('src/app.js')
const { settingsFrom } = await built<typeof SettingsModule>('src/settings.js')

const [messages = 0, conversations = 1] = process.argv.slice(2).map(Number)
const { chat } = await buildApp({
  settings: settingsFrom({ CHATROOM_DATA: ':memory:', CHATROOM_MESSAGE_MEMORY: '1024', CHATROOM_BYTES_PER_DAY: '0' }),
})
await fill(chat, messages, conversations)
const objects = messageObjects(messages)
const query = { username: 'bob', last_id: messages + conversations - 1 }

const poll = () => chat.poll(query, { tokenHash: undefined })
const scanAll = async () => scan(objects, 'bob', messages)

/** µs of CPU that one call takes. */
async function timeOf(act: () => Promise<unknown>, times: number): Promise<number> {
  const before = process.cpuUsage()
  for (let time = 0; time < times; time++) await act()
  const { user, system } = process.cpuUsage(before)
  return (user + system) / times
}

const polls: number[] = []
const scans: number[] = []
for (let round = 0; round <= rounds; round++) {
  polls.push(await timeOf(poll, pollsInRound))
  scans.push(await timeOf(scanAll, scansInRound))
}
// The first round warms up.
const times: PollTimes = { polls: polls.slice(1), scans: scans.slice(1) }
process.stdout.write(JSON.stringify(times), () => {
  process.exit()
})

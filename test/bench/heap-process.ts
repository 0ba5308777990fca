import type * as AppModule from '../../src/app.js'
import type * as SettingsModule from '../../src/settings.js'
import { built } from './built.js'
import { fill } from './fill.js'
import { messageObjects } from './objects.js'
import { spreadOf } from './spread.js'

/**
 * Loads messages and says what they cost in memory: `heap-process.ts chat|objects <messages>`, with `--expose-gc`, in a
 * process of its own. Prints a {@link HeapLoad} as JSON.
 */

export interface HeapLoad {
  /** Bytes of a message, its text included. */
  readonly bytes: number
  /** A full garbage collection before and after the messages were loaded, in ms of CPU. */
  readonly gcBefore: number
  readonly gcAfter: number
}

const conversations = 20
const collections = 7

const collect = (globalThis as { gc?: () => void }).gc ?? (() => undefined)

/** The median CPU time of a full garbage collection, in ms: on a shared core the clock says more of the neighbours. */
function collectionTime(): number {
  collect()
  const times = Array.from({ length: collections }, () => {
    const before = process.cpuUsage()
    collect()
    const { user, system } = process.cpuUsage(before)
    return (user + system) / 1000
  })
  return spreadOf(times).median
}

/** `external` holds what array buffers take. */
function bytesInUse(): number {
  const { heapUsed, external } = process.memoryUsage()
  return heapUsed + external
}

async function chat() {
  const { buildApp } = await built<typeof AppModule>('src/app.js')
  const { settingsFrom } = await built<typeof SettingsModule>('src/settings.js')
  return (
    await buildApp({
      settings: settingsFrom({
        CHATROOM_DATA: ':memory:',
        CHATROOM_MESSAGE_MEMORY: '1024',
        CHATROOM_BYTES_PER_DAY: '0',
      }),
    })
  ).chat
}

const [kind, messages] = [process.argv[2], Number(process.argv[3])]
const service = await chat()
const gcBefore = collectionTime()
const before = bytesInUse()
const kept = kind === 'objects' ? messageObjects(messages) : await fill(service, messages, conversations)
const gcAfter = collectionTime()
const load: HeapLoad = { bytes: (bytesInUse() - before) / messages, gcBefore, gcAfter }
process.stdout.write(JSON.stringify(load), () => {
  // Says it after all else, so that the messages are in use until here.
  process.exit(kept === undefined || service.available ? 0 : 1)
})

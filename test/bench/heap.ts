import type { HeapLoad } from './heap-process.js'
import { messageText } from './requests.js'
import { runScript } from './servers.js'
import { short, shown, spreadOf } from './spread.js'
import type { Row } from './table.js'

const messages = 1_000_000
const rounds = 2
const textBytes = messageText(1).length

/** What a message costs beside its text, and what the garbage collector pays for a million of them. */
export async function heap(): Promise<Row[]> {
  const chat: HeapLoad[] = []
  const objects: HeapLoad[] = []
  for (let round = 1; round <= rounds; round++) {
    chat.push(await load('chat'))
    objects.push(await load('objects'))
    process.stderr.write(`heap ${round}/${rounds}: ${said(chat.at(-1))}; as objects ${said(objects.at(-1))}\n`)
  }
  return [memoryRow(chat, objects), collectionRow(chat, objects)]
}

/** In a process of its own. */
async function load(kind: 'chat' | 'objects'): Promise<HeapLoad> {
  const { stdout } = await runScript('heap-process.ts', [kind, String(messages)], ['--expose-gc'])
  return JSON.parse(stdout) as HeapLoad
}

const said = (one: HeapLoad | undefined): string =>
  one ? `${short(one.bytes)} bytes, GC ${short(one.gcAfter)} ms (empty ${short(one.gcBefore)})` : ''

const beside = (loads: readonly HeapLoad[]) => spreadOf(loads.map(({ bytes }) => bytes - textBytes))

const added = (loads: readonly HeapLoad[]) => shown(spreadOf(loads.map(({ gcBefore, gcAfter }) => gcAfter - gcBefore)))

function memoryRow(chat: readonly HeapLoad[], objects: readonly HeapLoad[]): Row {
  return {
    part: 'heap',
    compared: `bytes of a message beside its ${textBytes} of text, ${messages.toLocaleString('en')} messages`,
    goal: '<= 120',
    measured: shown(beside(chat)),
    absolute: `as objects ${shown(beside(objects))}`,
  }
}

function collectionRow(chat: readonly HeapLoad[], objects: readonly HeapLoad[]): Row {
  return {
    part: 'heap',
    compared: 'what they add to a full garbage collection of the app, ms of CPU',
    goal: '< 20',
    measured: added(chat),
    absolute: `the app without them ${shown(spreadOf(chat.map(({ gcBefore }) => gcBefore)))}; as objects they add ${added(objects)}`,
  }
}

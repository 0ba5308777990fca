import { join } from 'node:path'
import { chatRoomSocket } from './dialects.js'
import { listenAll, Listener, type Heard } from './listener.js'
import { exchangeAll, openAll } from './load.js'
import { cpuSeconds } from './machine.js'
import { makeRoom, names } from './populate.js'
import { messageText, post } from './requests.js'
import { inScope, type Scope } from './scope.js'
import { makeFolder, startChatRoom, type Server } from './servers.js'
import { short, shown, spreadOf } from './spread.js'
import type { Row } from './table.js'
import { within } from './within.js'

const rooms = 10
const members = 100
const clients = rooms * members
/** Messages that a client has missed, all of its room. */
const missed = 1000
const rounds = 4
/** In ms. */
const patience = 60_000

/** How long it took until the last client had all, in ms, and the server's CPU time for a message at a client, in µs. */
interface Resumed {
  readonly ms: number
  readonly cpu: number
}

interface Round {
  /** Ms from the start of the process until it listens. */
  readonly start: number
  readonly after: Resumed
  readonly without: Resumed
}

/** All come back at once: to a server that was killed and started anew, and to one that goes on. */
export async function resume(): Promise<Row[]> {
  const all: Round[] = []
  for (let round = 1; round <= rounds; round++) {
    const one = await inScope(resumeBoth)
    all.push(one)
    process.stderr.write(
      `resume ${round}/${rounds}: without a restart ${short(one.without.ms)} ms; started in ${short(one.start)} ms, then ${short(one.after.ms)} ms\n`,
    )
  }
  return [row(all)]
}

async function resumeBoth(scope: Scope): Promise<Round> {
  const settings = { CHATROOM_DATA: join(await makeFolder(scope), 'data') }
  const usernames = names('guest', clients)
  const { cursors, without } = await inScope(async (first) => {
    const server = await startChatRoom(first, settings)
    const cursors = await fill(server, usernames)
    return { cursors, without: await resumeAll(server, usernames, cursors) }
  })
  // The end of its scope has killed it.
  return inScope(async (second) => {
    const begin = performance.now()
    const server = await startChatRoom(second, settings)
    const start = performance.now() - begin
    return { start, without, after: await resumeAll(server, usernames, cursors) }
  })
}

/** Puts the users into rooms, has each listen for a moment, and sends what they miss. @returns where each has left */
async function fill(server: Server, usernames: readonly string[]): Promise<string[]> {
  return inScope(async (scope) => {
    const groups = Array.from({ length: rooms }, (_, room) =>
      usernames.filter((_name, index) => index % rooms === room),
    )
    const ids: string[] = []
    for (const group of groups) ids.push(await makeRoom(scope, server.port, group))
    const listeners = await inScope((listening) => listenAll(listening, server.port, usernames, chatRoomSocket))
    await exchangeAll(scope, server.port, rooms * missed, (index) =>
      post('/send', {
        sender: usernames[index % rooms],
        recipient: ids[index % rooms],
        message: messageText(index),
      }),
    )
    return listeners.map(({ hello }) => String((JSON.parse(hello) as { event_id: unknown }).event_id))
  })
}

/** Lets all come back. @throws if one does not get what it has missed, each once */
const resumeAll = (server: Server, usernames: readonly string[], cursors: readonly string[]): Promise<Resumed> =>
  inScope(async (scope) => {
    const [begin, before] = [performance.now(), cpuSeconds(server.pid)]
    const listeners = await within(patience, 'coming back', comeBack(scope, server, usernames, cursors))
    const ms = performance.now() - begin
    const cpu = (cpuSeconds(server.pid) ?? Number.NaN) - (before ?? Number.NaN)
    if (listeners.some(({ messages }) => messages !== missed)) throw new Error('somebody has not got each message once')
    return { ms, cpu: (cpu * 1e6) / (clients * missed) }
  })

/** Settles when as many messages have come as all have missed. */
function comeBack(scope: Scope, { port }: Server, usernames: readonly string[], cursors: readonly string[]) {
  return new Promise<Listener[]>((resolve, reject) => {
    let missing = clients * missed
    const heard: Heard = (_listener, count) => {
      missing -= count
      if (missing === 0) opened.then(resolve, reject)
    }
    const opened = openAll(scope, clients, async (index) => {
      const [username = '', cursor = ''] = [usernames[index], cursors[index]]
      const listener = await Listener.open(port, { dialect: chatRoomSocket, username, cursor, heard })
      listener.watch(reject)
      return listener
    })
    opened.catch(reject)
  })
}

function row(all: readonly Round[]): Row {
  const median = (of: (round: Round) => number) => short(spreadOf(all.map(of)).median)
  const told = (which: 'after' | 'without') =>
    `${median((one) => one[which].ms)} ms, ${median((one) => (clients * missed * 1000) / one[which].ms)} events/s, ${median((one) => one[which].cpu)} µs CPU`
  const byCpu = spreadOf(all.map(({ after, without }) => after.cpu / without.cpu))
  return {
    part: 'resume',
    compared: `${clients.toLocaleString('en')} clients come back and get ${missed.toLocaleString('en')} events each, after kill -9 and a start : without`,
    goal: '',
    measured: shown(spreadOf(all.map(({ after, without }) => after.ms / without.ms))),
    cpu: shown(byCpu),
    absolute: `after it ${told('after')}, the start ${median(({ start }) => start)} ms; without ${told('without')}`,
  }
}

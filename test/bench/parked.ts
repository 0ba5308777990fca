import { mostConnections } from './machine.js'
import { parkedCost, type ParkedCost, type Parking } from './parking.js'
import { makeRoom, names } from './populate.js'
import { get, post } from './requests.js'
import { inScope, type Scope } from './scope.js'
import { startBare, startChatRoom } from './servers.js'
import { shown, spreadOf } from './spread.js'
import type { Row } from './table.js'

const wanted = 10_000
const rounds = 2

/** Long polls, each a user's on a connection of its own, all in one room; a message to the room wakes them all. */
export async function parked(): Promise<Row[]> {
  const count = Math.min(wanted, mostConnections())
  const chat: ParkedCost[] = []
  const bare: ParkedCost[] = []
  for (let round = 1; round <= rounds; round++) {
    // One after the other: both at once would take twice the open files. New servers, so that memory begins anew.
    chat.push(await inScope((scope) => parkChat(scope, count)))
    bare.push(await inScope((scope) => parkBare(scope, count)))
    process.stderr.write(`parked ${round}/${rounds}: chat ${said(chat)}; bare ${said(bare)}\n`)
  }
  return rows(count, chat, bare)
}

async function parkChat(scope: Scope, count: number): Promise<ParkedCost> {
  const server = await startChatRoom(scope)
  const usernames = names('guest', count)
  const room = await makeRoom(scope, server.port, usernames)
  const parking: Parking = {
    count,
    // The room's notice is message 1; each wake sends one more.
    poll: (index, wake) => get(`/messages?username=${usernames[index]}&last_id=${wake + 1}&wait=60`),
    wake: post('/send', { sender: usernames[0], recipient: room, message: 'Wake up!' }),
  }
  return parkedCost(scope, server, parking)
}

async function parkBare(scope: Scope, count: number): Promise<ParkedCost> {
  const server = await startBare(scope)
  return parkedCost(scope, server, { count, poll: () => get('/hold'), wake: post('/release', {}) })
}

/** Figures of a kind, picked from what a round has cost. */
type Figures = (cost: ParkedCost) => readonly number[]

const wakes: Figures = ({ wakes }) => wakes
const wakesCpu: Figures = ({ wakesCpu }) => wakesCpu
const kibibytes: Figures = ({ bytes }) => bytes.map((count) => count / 1024)
const percent: Figures = ({ idle }) => idle.map((part) => part * 100)

const all = (costs: readonly ParkedCost[], figures: Figures): string => shown(spreadOf(costs.flatMap(figures)))

/** Round by round, how many times as much the one takes as the other. */
const ratios = (ones: readonly ParkedCost[], others: readonly ParkedCost[], figures: Figures): string =>
  shown(
    spreadOf(
      ones.flatMap((one, round) => {
        const ratio = spreadOf(figures(one)).median / spreadOf(others.slice(round, round + 1).flatMap(figures)).median
        return Number.isNaN(ratio) ? [] : [ratio]
      }),
    ),
  )

const said = (costs: readonly ParkedCost[]): string => {
  const latest = costs.slice(-1)
  return `${all(latest, wakes)} ms, ${all(latest, kibibytes)} KiB each, ${all(latest, percent)} % CPU`
}

function rows(count: number, chat: readonly ParkedCost[], bare: readonly ParkedCost[]): Row[] {
  const row = (compared: string, figures: Figures, unit: string): Row => ({
    part: 'parked',
    compared: `${compared} : a bare Fastify server that holds requests`,
    goal: '',
    measured: ratios(chat, bare, figures),
    absolute: `${all(chat, figures)} ${unit}; bare ${all(bare, figures)} ${unit}`,
  })
  return [
    {
      ...row(`time to wake ${count.toLocaleString('en')} parked polls`, wakes, 'ms'),
      cpu: ratios(chat, bare, wakesCpu),
    },
    row('resident memory of a parked poll with its connection', kibibytes, 'KiB'),
    {
      part: 'parked',
      compared: 'CPU while they are parked, % of a core',
      goal: '',
      // A ratio to almost nothing says nothing.
      measured: all(chat, percent),
      absolute: `bare ${all(bare, percent)}`,
    },
  ]
}

import type { PollTimes } from './poll-process.js'
import { compare, race, runner, type Runner } from './race.js'
import { get } from './requests.js'
import type { Scope } from './scope.js'
import { runScript, startBare, startFilled } from './servers.js'
import { shown, spreadOf } from './spread.js'
import type { Row } from './table.js'

const conversations = 20
const scanned = 100_000
const counts = [100, 10_000, scanned, 1_000_000]

const poll = (path: string, newest: number): Buffer => get(`${path}?username=bob&last_id=${newest}`)

const nameOf = (messages: number): string => messages.toLocaleString('en')

/** A poll with nothing new, by a user with an inbox and three rooms. */
export async function emptyPoll(scope: Scope): Promise<Row[]> {
  const runners: Runner[] = []
  for (const messages of counts) {
    process.stderr.write(`poll: filling a log with ${nameOf(messages)} messages\n`)
    const server = await startFilled(scope, messages, conversations)
    runners.push(await runner(scope, nameOf(messages), server, poll('/messages', conversations - 1 + messages)))
  }
  const bare = await startBare(scope)
  runners.push(await runner(scope, 'scan', bare, poll('/scan', scanned)))
  const results = await race('poll', runners)
  const flat = (messages: number): Row => ({
    part: 'poll',
    compared: `empty poll with ${nameOf(messages)} messages in the log : with 100`,
    goal: '0.9 to 1.1',
    ...compare(results, nameOf(messages), nameOf(100)),
  })
  return [
    flat(10_000),
    flat(1_000_000),
    {
      part: 'poll',
      compared: `empty poll with ${nameOf(scanned)} messages : bare Fastify route that scans as many objects`,
      goal: '>= 100',
      ...compare(results, nameOf(scanned), 'scan'),
    },
    await withoutHttp(),
  ]
}

/** The two ways alone: an answer by HTTP takes longer than either can be seen through. */
async function withoutHttp(): Promise<Row> {
  const { stdout } = await runScript('poll-process.ts', [String(scanned), String(conversations)])
  const { polls, scans } = JSON.parse(stdout) as PollTimes
  return {
    part: 'poll',
    compared: 'the same two without HTTP, in one process',
    goal: '>= 100',
    measured: shown(spreadOf(scans.map((time, round) => time / (polls[round] ?? time)))),
    absolute: `poll ${shown(spreadOf(polls))} µs; scan ${shown(spreadOf(scans))} µs`,
  }
}

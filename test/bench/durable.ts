import { delay } from './delay.js'
import { lone } from './lone.js'
import { createRecord, startPocketBase } from './pocketbase.js'
import { compare, race, runner } from './race.js'
import { ask, messageText, post } from './requests.js'
import type { Scope } from './scope.js'
import { startChatRoom, startDurable, type Server } from './servers.js'
import { leftOut, type Row } from './table.js'

const text = messageText(1)
const goals = new Map([
  [32, '>= 0.7'],
  [256, '>= 0.9'],
])

/** A send that is on disk when it is answered, against one that is kept in memory alone. */
export async function durable(scope: Scope): Promise<Row[]> {
  const memory = await startChatRoom(scope)
  const disk = await startDurable(scope)
  for (const { port } of [memory, disk])
    for (const username of ['alice', 'bob']) await ask(port, '/register', { username })
  const rows: Row[] = []
  for (const [clients, goal] of goals) rows.push(await sends(scope, clients, goal, memory, disk))
  return [...rows, await besidePocketBase(scope), await lone(scope), await delay(scope)]
}

async function sends(scope: Scope, clients: number, goal: string, memory: Server, disk: Server): Promise<Row> {
  const request = post('/send', { sender: 'alice', recipient: 'bob', message: text })
  const results = await race(`durable ${clients}`, [
    await runner(scope, 'memory', memory, request, clients),
    await runner(scope, 'durable', disk, request, clients),
  ])
  return {
    part: 'durable',
    compared: `POST /send, on disk : in memory, ${clients} clients`,
    goal,
    ...compare(results, 'durable', 'memory'),
  }
}

/** The same as a record of a base that has an API; its transactions are not synced (SQLite's `synchronous` is NORMAL there). */
async function besidePocketBase(scope: Scope): Promise<Row> {
  const base = await startPocketBase(scope)
  if ('missing' in base) return leftOut('durable', base.missing)
  const disk = await startDurable(scope)
  for (const username of ['alice', 'bob']) await ask(disk.port, '/register', { username })
  const results = await race('durable, PocketBase', [
    await runner(scope, 'durable', disk, post('/send', { sender: 'alice', recipient: 'bob', message: text })),
    await runner(scope, 'PocketBase', base, createRecord('alice', 'bob', text)),
  ])
  return {
    part: 'durable',
    compared: 'POST /send, on disk, 32 clients : the record API of PocketBase',
    goal: '>= 6',
    ...compare(results, 'durable', 'PocketBase'),
  }
}

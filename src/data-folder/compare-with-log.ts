import { setImmediate as turn } from 'node:timers/promises'
import type { Message } from '../../schemas/message.js'
import type { MessageRow } from '../archive/archive-rows.js'
import type { StoredGroup } from '../log/stored-group.js'
import { scalar } from '../storage/database.js'
import { commandsOf } from './commands.js'
import type { OnProgress } from './copy-table.js'
import type { Tell } from './record-checker.js'
import { archivedPosition, type View } from './view.js'

/** A send in the log; it may have been refused, or the repeat of one before. */
interface Send {
  readonly position: number
  /** The time that the state had come to with it: that of its message. */
  readonly time: number
  readonly isLatest: boolean
  readonly sender: number
  readonly target: number
  readonly text: string
  readonly clientId: string | null
}

type Row = Pick<MessageRow, 'id' | 'target' | 'sender' | 'sent_at' | 'client_id' | 'record'>

/** Sends that are tried to find where the messages of the log begin. */
const tries = 1000
const turnEvery = 1000

/**
 * Looks whether each message is what was sent, as far as the log goes back. The log does not say which message an entry
 * has become, since entries are refused, too. But messages are in the order of their entries: behind one that is surely of
 * an entry, each that a user has sent must be that of a later one, of the same time.
 * @returns how many messages were compared
 */
export async function compareWithLog(view: View, tell: Tell, onProgress: OnProgress): Promise<number> {
  const start = startOf(view)
  if (!start || wasAhead(view)) return 0
  const sends = sendsOf(view, start.position)
  let next = sends.next()
  let candidates: Send[] = []
  let compared = 0
  for (const row of view.database.prepare(rowsAfter).iterate(start.id) as Iterable<Row>) {
    const time = row.sent_at
    if (candidates[0] && candidates[0].time < time) candidates = []
    for (; next.done !== true && next.value.time <= time; next = sends.next())
      if (next.value.time === time) candidates.push(next.value)
    const found = candidates.findIndex((send) => isOf(send, row))
    if (found === -1) tell(`${view.archiveFile}: message ${row.id} is not what ${view.logFile} says was sent`)
    else candidates.splice(0, found + 1)
    onProgress('messages compared with the log', ++compared)
    if (compared % turnEvery === 0) await turn()
  }
  return compared
}

/** Whether the clock was ahead in the time of the log: then times are in no order. */
const wasAhead = ({ database }: View): boolean =>
  scalar(database, `SELECT 1 FROM log WHERE instr(entries, CAST('"type":"judge_clock","time"' AS BLOB)) LIMIT 1`) === 1

const rowsAfter = 'SELECT * FROM messages WHERE id > ? AND sender > 0 ORDER BY id'

/** The first entry and message that surely belong together; undefined if there is none. */
function startOf(view: View): { position: number; id: number } | undefined {
  const first = scalar(view.database, 'SELECT min(first) FROM log')
  // The log has everything.
  if (first === 1) return { position: 0, id: 0 }
  let left = tries
  for (const send of sendsOf(view, 0)) {
    if (left-- === 0) return undefined
    // Only one that came later than all before: others may be like those that the log has dropped.
    if (!send.isLatest) continue
    const id = messageOf(view, send)
    if (id !== undefined) return { position: send.position, id }
  }
  return undefined
}

/** The message that a send has become, if one is like it. */
function messageOf({ database }: View, send: Send): number | undefined {
  const timeFrom = database.prepare('SELECT id, sent_at FROM messages WHERE id >= ? ORDER BY id LIMIT 1')
  let low = 1
  let high = Number(scalar(database, 'SELECT max(id) FROM messages') ?? 0) + 1
  while (low < high) {
    const middle = Math.floor((low + high) / 2)
    const row = timeFrom.get(middle) as { id: number; sent_at: number } | undefined
    if (!row || row.sent_at >= send.time) high = middle
    else low = row.id + 1
  }
  const rows = database.prepare('SELECT * FROM messages WHERE id >= ? ORDER BY id').iterate(low) as Iterable<Row>
  for (const row of rows) {
    if (row.sent_at !== send.time) return undefined
    if (isOf(send, row)) return row.id
  }
  return undefined
}

function isOf({ sender, target, text, clientId }: Send, row: Row): boolean {
  if (sender !== row.sender || target !== row.target || clientId !== row.client_id) return false
  return (JSON.parse(Buffer.from(row.record).toString()) as Message).message === text
}

/** The sends behind a position, up to that which the archive has come to. */
function* sendsOf(view: View, after: number): Generator<Send> {
  const last = archivedPosition(view)
  let time = -Infinity
  for (const row of view.database.prepare('SELECT * FROM log ORDER BY first').iterate() as Iterable<StoredGroup>)
    for (const { position, at, command } of commandsOf(row, view.logFile)) {
      if (position > last) return
      // It has no time.
      if (command.type === 'skip_ids') continue
      const isLatest = at > time && time !== -Infinity
      time = Math.max(time, at)
      if (command.type !== 'send' || position <= after) continue
      const { sender, to_user, to_room, text, client_id: clientId = null } = command
      const target = to_room === undefined ? (to_user ?? 0) : -to_room
      yield { position, time, isLatest, sender, target, text, clientId }
    }
}

import type { Batch, MessageRun } from '../archive/archive-file.js'
import { dayOf } from '../archive/archive-format.js'
import type { DataRow, MemberRow, MessageRow, SentRow } from '../archive/archive-rows.js'
import type { ChatState } from '../chat/chat-state.js'
import type { OnProgress } from './copy-table.js'
import { messageLine, rowsOf, tables, type Table } from './rows.js'
import { replayTail } from './tail.js'
import type { View } from './view.js'

/** The version of what {@link exportRecords} writes. */
export const exportFormat = 1

/**
 * All records as lines of JSON, some at a time: the server with the format, users, rooms, members, messages, sent. They are
 * what the log has come to, so a server need not write anything before.
 * @throws {DataError} if something is not what was written
 */
export async function* exportRecords(view: View, onProgress: OnProgress): AsyncGenerator<string[]> {
  const { state, changes } = await replayTail(view)
  const batch = changes.batch()
  const { type, ...rest } = JSON.parse(batch.server) as { type: string }
  yield [JSON.stringify({ type, format: exportFormat, ...rest })]
  const lines = <R>(table: Table<R>, instead?: (rows: R[]) => Iterable<string>) =>
    archived(view, table, onProgress, instead)
  yield* withChanges(batch.users, (instead) => lines(tables.users, instead))
  yield* withChanges(batch.rooms, (instead) => lines(tables.rooms, instead))
  const gone = new Set(batch.members.filter(([, , joined]) => !joined).map(memberKey))
  yield* lines(tables.members, (rows) =>
    rows.filter((row) => !gone.has(memberKey([row.room, row.user]))).map(tables.members.line),
  )
  yield batch.members.filter((member) => member[2] && !gone.has(memberKey(member))).map(memberLine)
  yield* lines(tables.messages, (rows) => rows.filter((row) => !isDeleted(state, row)).map(tables.messages.line))
  if (batch.messages) yield messageLines(batch.messages)
  yield* withSent(batch.sent, (instead) => lines(tables.sent, instead))
}

type Lines<R> = (instead: (rows: R[]) => Iterable<string>) => AsyncGenerator<string[]>

/** The lines of a table's rows, each of which is checked. */
async function* archived<R>(
  view: View,
  table: Table<R>,
  onProgress: OnProgress,
  instead: (rows: R[]) => Iterable<string> = (rows) => rows.map((row) => table.line(row)),
): AsyncGenerator<string[]> {
  for await (const rows of rowsOf(view, table, onProgress)) {
    for (const row of rows) table.check(view.archiveFile, table.what(row), row)
    yield Array.from(instead(rows))
  }
}

/** Users or rooms, of which some have changed. New ones have greater numbers than those that are archived. */
async function* withChanges(changed: Batch['users'], lines: Lines<DataRow>): AsyncGenerator<string[]> {
  const left = new Map(changed)
  const line = ({ number, data }: DataRow): string | undefined => {
    if (!left.has(number)) return data
    const record = left.get(number)
    left.delete(number)
    return record
  }
  yield* lines((rows) => rows.map(line).filter((record) => record !== undefined))
  const added = Array.from(left).toSorted(([one], [other]) => one - other)
  yield added.map(([, record]) => record).filter((record) => record !== undefined)
}

/** Whether a message has been deleted, for its age or with its room, though it is still in the archive. */
function isDeleted({ expired, rooms }: ChatState, { id, target }: MessageRow): boolean {
  const room = target < 0 ? rooms.find(-target) : undefined
  return id <= expired || (target < 0 && (!room || id <= room.messages.expired))
}

type Member = readonly [room: number, user: number, ...unknown[]]

const memberKey = ([room, user]: Member): string => `${room} ${user}`

const memberLine = ([room, user]: Member): string => tables.members.line({ room, user } as MemberRow)

function messageLines({ ids, records, ends, targets, senders, times, clientIds }: MessageRun): string[] {
  let start = 0
  return Array.from(ends, (end, index) => {
    // Each has a comma behind it.
    const record = Buffer.from(records.subarray(start, end - 1)).toString()
    start = end
    const head = {
      target: targets[index] as number,
      sender: senders[index] as number,
      sent_at: times[index] as number,
      client_id: clientIds.get(ids[index] as number) ?? null,
    }
    return messageLine(head, record)
  })
}

/** What was answered to sends: the new ones in their places among those that are archived. */
async function* withSent(added: Batch['sent'], lines: Lines<SentRow>): AsyncGenerator<string[]> {
  const left = added.map((row) => ({ ...row, day: dayOf(row.sent_at), checksum: 0 })).toSorted(bySentKey)
  const before = (row: SentRow | undefined): SentRow[] => {
    const end = row === undefined ? left.length : left.findIndex((other) => bySentKey(other, row) >= 0)
    return left.splice(0, end === -1 ? left.length : end)
  }
  yield* lines((rows) =>
    rows.flatMap((row) => {
      const [next] = left
      if (!next || bySentKey(next, row) > 0) return [tables.sent.line(row)]
      const earlier = before(row)
      // One of the same key takes its place.
      const [same] = left
      return [...earlier, ...(same && bySentKey(same, row) === 0 ? [] : [row])].map(tables.sent.line)
    }),
  )
  yield before(undefined).map(tables.sent.line)
}

/** As the primary key sorts: text by its bytes in UTF-8. */
const bySentKey = (one: SentRow, other: SentRow): number =>
  one.day - other.day ||
  one.sender - other.sender ||
  Buffer.compare(Buffer.from(one.client_id), Buffer.from(other.client_id))

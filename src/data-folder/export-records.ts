import type { Batch, RowBatch } from '../archive/archive-file.js'
import type { MessageRow, TableRow } from '../archive/archive-rows.js'
import type { MessageRun } from '../archive/message-writer.js'
import type { ChatState } from '../chat/chat-state.js'
import type { Table } from '../chat/tables/table.js'
import type { OnProgress } from './copy-table.js'
import { messageLine, messageRows, rowsOf, rowsOfTable, serverRow, type RowKind } from './rows.js'
import { replayTail } from './tail.js'
import type { View } from './view.js'

/** The version of what {@link exportRecords} writes. */
export const exportFormat = 2

/**
 * All that is kept as lines of JSON, some at a time: what is said of all with the format, the rows of each table, messages;
 * each under its name. They are what the log has come to, so a server need not write anything before.
 * @throws {DataError} if something is not what was written
 */
export async function* exportRecords(view: View, onProgress: OnProgress): AsyncGenerator<string[]> {
  const { state, changes } = await replayTail(view)
  const batch = changes.batch()
  yield [`{"format":${exportFormat},"${serverRow.member}":${batch.server}}`]
  for (const table of state.tables) if (!table.part) yield* tableLines(view, table, batch, onProgress)
  yield* messageLines(view, state, batch, onProgress)
  for (const table of state.tables) if (table.part) yield* tableLines(view, table, batch, onProgress)
}

const lineOf = (kind: Pick<RowKind, 'member'>, json: string): string => `{"${kind.member}":${json}}`

/** The rows of a kind, each of which is checked. */
async function* archived<R>(view: View, kind: RowKind<R>, onProgress: OnProgress): AsyncGenerator<R[]> {
  for await (const rows of rowsOf(view, kind, onProgress)) {
    for (const row of rows) kind.check(view.archiveFile, kind.what(row), row)
    yield rows
  }
}

/** Those that are archived, as far as they are still there, as they are now; then those that are new. */
async function* tableLines(view: View, table: Table, batch: Batch, onProgress: OnProgress): AsyncGenerator<string[]> {
  const kind = rowsOfTable(table)
  const left = latest(batch.tables.find((rows) => rows.table === table.name))
  const now = ({ key, data }: TableRow): string | undefined => {
    const change = left.get(key)
    if (!change || change.isNew) return change ? undefined : data
    left.delete(key)
    return change.data
  }
  for await (const rows of archived(view, kind, onProgress))
    yield rows.flatMap((row) => now(row) ?? []).map((json) => lineOf(kind, json))
  yield Array.from(left.values()).flatMap(({ data }) => (data === undefined ? [] : lineOf(kind, data)))
}

interface Latest {
  readonly data: string | undefined
  /** Whether it comes after all that is archived, even if one of the same key was there. */
  readonly isNew: boolean
}

/** What has become of each key, those that have come last at the end. */
function latest(rows: RowBatch | undefined): Map<string, Latest> {
  const byKey = new Map<string, Latest>()
  for (const [key, , data] of rows?.rows ?? []) {
    const isNew = data !== undefined && byKey.get(key)?.data === undefined && byKey.has(key)
    if (isNew) byKey.delete(key)
    byKey.set(key, { data, isNew: isNew || byKey.get(key)?.isNew === true })
  }
  return byKey
}

async function* messageLines(
  view: View,
  state: ChatState,
  { messages, changedMessages }: Batch,
  onProgress: OnProgress,
): AsyncGenerator<string[]> {
  const changed = new Map(changedMessages.map(({ id, record }) => [id, record]))
  for await (const rows of archived(view, messageRows, onProgress))
    yield rows
      .filter((row) => !isDeleted(state, row))
      .map((row) => {
        const record = changed.get(row.id)
        return lineOf(messageRows, record === undefined ? messageRows.json(row) : messageLine(row, record))
      })
  if (messages) yield newMessageLines(messages).map((json) => lineOf(messageRows, json))
}

/** Whether a message has been deleted, for its age or with its room, though it is still in the archive. */
function isDeleted({ expired, rooms }: ChatState, { id, target }: MessageRow): boolean {
  const room = target < 0 ? rooms.find(-target) : undefined
  return id <= expired || (target < 0 && (!room || id <= room.messages.expired))
}

function newMessageLines({ ids, records, ends, targets, senders, times, clientIds }: MessageRun): string[] {
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

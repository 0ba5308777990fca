import type { ServerRecord } from '../../schemas/rows.js'
import { ChatError } from '../chat/chat-error.js'
import type { ChatState } from '../chat/chat-state.js'
import type { Table } from '../chat/tables/table.js'
import { damaged } from '../base/data-error.js'
import type { Thread } from '../storage/thread.js'
import type { ArchiveReader } from './archive-reader.js'

/** Reads the archive, here or on another thread. */
export type Reader = Pick<Thread<ArchiveReader>, 'call'>

/** Milliseconds. */
const day = 86_400_000

/** Brings an empty state to where the archive is, without any messages. @throws {DataError} */
export async function restoreState(state: ChatState, reader: Reader, file: string): Promise<void> {
  const server = await reader.call('server')
  if (!server) return
  state.restore(server)
  for (const table of state.tables) await restoreTable(table, server, reader, file)
  for (const table of state.tables) table.loaded?.()
  const lost = await reader.call('keyless', state.sentKeys.floor(server.newest_message), server.time - day)
  if (lost !== undefined) throw damaged(file, `the client_id of message ${lost} is missing`)
}

async function restoreTable(table: Table, server: ServerRecord, reader: Reader, file: string): Promise<void> {
  const { name, part } = table
  for (let last = part ? part.floor(server.newest_message) : 0; ;) {
    const chunk = await reader.call(part ? 'sortedRows' : 'rows', name, last)
    if (chunk.rows.length === 0) break
    for (const row of chunk.rows) load(table, row, file)
    last = chunk.last
  }
  const said = server.rows[name] ?? 0
  if (!part && table.count !== said)
    throw damaged(file, `${name}: there are ${table.count} of the ${said} rows that it had`)
}

function load(table: Table, row: string, file: string): void {
  try {
    table.load(JSON.parse(row) as object)
  } catch (error) {
    if (!(error instanceof ChatError)) throw error
    throw damaged(file, `${table.name}: ${row} names what is not there`)
  }
}

import { setImmediate as turn } from 'node:timers/promises'
import type { CommandOf } from '../../schemas/commands.js'
import type { MessageRow } from '../archive/archive-rows.js'
import { contentIn } from '../chat/messages/message-json.js'
import { commandsOf } from './commands.js'
import type { OnProgress } from './copy-table.js'
import type { Tell } from './record-checker.js'
import { logRows, type View } from './view.js'

const turnEvery = 1000

/** A send in the log; it may have been refused, or the repeat of one before. */
interface Send {
  readonly position: number
  readonly command: CommandOf<'send'>
}

/**
 * Looks whether each message is what was sent, as far as the log goes back: a message knows the entry that has made it.
 * @returns how many messages were compared
 */
export async function compareWithLog(view: View, tell: Tell, onProgress: OnProgress): Promise<number> {
  const sends = sendsOf(view)
  const first = sends.next()
  if (first.done === true) return 0
  let send: Send | undefined = first.value
  let compared = 0
  for (const row of view.database.prepare(messages).iterate(send.position) as Iterable<MessageRow>) {
    while (send && send.position < row.position) send = sends.next().value ?? undefined
    if (!isOf(send, row)) tell(`${view.archiveFile}: message ${row.id} is not what ${view.logFile} says was sent`)
    onProgress('messages compared with the log', ++compared)
    if (compared % turnEvery === 0) await turn()
  }
  return compared
}

/** Ids and positions ascend together. */
const messages = 'SELECT * FROM messages WHERE position >= ? AND sender > 0 ORDER BY id'

function* sendsOf(view: View): Generator<Send, undefined> {
  for (const row of logRows(view))
    for (const { position, command } of commandsOf(row, view.logFile))
      if (command.type === 'send') yield { position, command }
  return undefined
}

function isOf(send: Send | undefined, row: MessageRow): boolean {
  if (send?.position !== row.position) return false
  const { sender, to_user, to_room, text, client_id } = send.command
  const target = to_room === undefined ? to_user : -to_room
  if (sender !== row.sender || target !== row.target || (client_id ?? null) !== row.client_id) return false
  return row.changed_in > 0 || contentIn(row.record).text === text
}

import { stat } from 'node:fs/promises'
import type { Test } from 'tap'
import { buildApp } from '../../src/app.js'
import { openDatabase, scalar } from '../../src/storage/database.js'
import { Chat, testSettings } from './chat.js'
import { placeIn } from './test-folder.js'

/** A folder with something in every table, of which nobody makes use. */
export async function filledFolder(t: Test): Promise<string> {
  const folder = placeIn(t)
  const app = await buildApp({ settings: testSettings({ CHATROOM_DATA: folder }) })
  const chat = new Chat(app)
  for (const username of ['alice', 'bob', 'zoë']) await chat.post('/register', { username })
  await chat.post('/register', { username: 'carol', password: 'correct horse battery' })
  await chat.post('/create_room', { admin: 'alice', participants: ['bob', 'zoë'], name: 'Tea' })
  for (let number = 1; number <= 20; number++) {
    const recipient = ['room_1', 'bob', 'zoë'][number % 3] as string
    const message = `"message" ${number} 💬`
    await chat.post('/send', {
      sender: 'alice',
      recipient,
      message,
      ...(number % 4 === 0 && { client_id: `c${number}` }),
    })
  }
  await chat.post('/leave_room', { username: 'zoë', room_id: 'room_1' })
  await chat.post('/logout', { username: 'zoë' })
  await app.chat.announce('News!')
  await app.close()
  return folder
}

/** Does to a file what the server would not. */
export function change(file: string, sql: string): void {
  const database = openDatabase(file)
  database.exec(sql)
  database.close()
}

/** The name of the log that a file is, or belongs to. */
export function epochIn(file: string): string {
  const database = openDatabase(file)
  const epoch = String(scalar(database, "SELECT value FROM about WHERE name = 'epoch'"))
  database.close()
  return epoch
}

export const isThere = (file: string): Promise<boolean> =>
  stat(file).then(
    () => true,
    () => false,
  )

/** The records of an export, without that of the server: it says that ids were passed over when it was imported. */
export const recordsOf = (lines: string): string => lines.slice(lines.indexOf('\n'))

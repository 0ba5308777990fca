import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Test } from 'tap'
import { startChat, type Chat } from './chat.js'

/** A chat on the folder of the test, with room for little in memory. */
export const open = (t: Test, folder: string, now?: () => number, retention = 0): Promise<Chat> =>
  startChat(
    t,
    {
      CHATROOM_DATA: folder,
      CHATROOM_MESSAGE_MEMORY: 2,
      CHATROOM_RETENTION: retention,
      CHATROOM_GUEST_TTL: 31_536_000,
    },
    now && { now },
  )

/** Waits until a text is in none of the databases any more. */
export async function untilGone(folder: string, databases: readonly string[], text: string): Promise<void> {
  for (const name of databases.flatMap((database) => [database, `${database}-wal`]))
    while ((await readFile(join(folder, name))).includes(text));
}

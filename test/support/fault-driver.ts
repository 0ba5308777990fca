/**
 * Does with a folder what a server does, without the network: opens it, registers, sends, and closes it. It writes a line
 * for each answer. It is run with faults in its system calls.
 * @argument the data folder, how it ends, how many messages are sent at once
 */
import { writeSync } from 'node:fs'
import { pino } from 'pino'
import type { ChatError } from '../../src/chat/chat-error.js'
import { openChat } from '../../src/node/open-chat.js'
import { openStorage } from '../../src/node/storage.js'
import { boundsOf, settingsFrom } from '../../src/settings.js'
import { rounds, textOf, type End } from './fault-script.js'

const [folder, end, together] = process.argv.slice(2) as [string, End, string]
const nobody = { tokenHash: undefined }
const settings = settingsFrom({ CHATROOM_DATA: folder })
const chat = await openChat({
  storage: await openStorage(settings, { logger: pino({ enabled: false }), now: Date.now }),
  auth: 'open',
  registration: 'open',
  sessionTtl: 30 * 86_400_000,
  bounds: boundsOf(settings),
  messageMemory: 2 ** 21,
  window: { entries: 1000, age: 60_000 },
  guestTtl: 86_400_000,
  retention: 0,
})
for (const username of ['ann', 'reader'])
  await answered(username, async () => {
    await chat.register(username)
    return {}
  })
for (let round = 1; round <= rounds; round++)
  await Promise.all(Array.from({ length: Number(together) }, (_, index) => send(`${round}.${index}`)))
if (end === 'kill') process.kill(process.pid, 'SIGKILL')
await chat.close()

function send(clientId: string): Promise<void> {
  const message = textOf(clientId, Number(together))
  return answered(clientId, () =>
    chat.send({ sender: 'ann', recipient: 'reader', message, client_id: clientId }, nobody),
  )
}

/** Does it, and writes what was answered. */
async function answered(what: string, act: () => Promise<object>): Promise<void> {
  try {
    write({ what, ...(await act()) })
  } catch (error) {
    write({ what, refused: (error as ChatError).code })
    if (end === 'kill when refused') process.kill(process.pid, 'SIGKILL')
  }
}

function write(line: object): void {
  writeSync(1, `${JSON.stringify(line)}\n`)
}

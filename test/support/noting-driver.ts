/**
 * Sends messages, of which each is noted as a live event, until it is killed. It writes the newest of those that were
 * answered.
 * @argument the data folder
 */
import { noteEvents } from './noting.js'
import { inFolder, openChat } from './open-chat.js'

const [folder = ''] = process.argv.slice(2)
const nobody = { tokenHash: undefined }
const storage = await inFolder(folder)
noteEvents(storage)
const chat = await openChat(storage)
await chat.register('ann').catch(() => undefined)
const send = () => chat.send({ sender: 'ann', recipient: 'ann', message: 'text' }, nobody)
for (;;) {
  const answers = await Promise.all(Array.from({ length: 20 }, send))
  process.stdout.write(`${Math.max(...answers.map(({ message_id }) => message_id))}\n`)
}

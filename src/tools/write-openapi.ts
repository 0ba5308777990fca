import { writeFile } from 'node:fs/promises'
import { buildApp } from '../app.js'
import { asyncApiText } from '../http/asyncapi.js'
import { documentText, olderDocumentText } from '../http/openapi.js'
import { limitsOf, settingsFrom } from '../settings.js'

/** Writes the documents that the server publishes with its default settings. */
const settings = settingsFrom({ CHATROOM_DATA: ':memory:' })
const app = await buildApp({ settings })
await write('openapi.json', documentText(app))
await write('openapi-3.0.json', olderDocumentText(app))
await write('asyncapi.json', asyncApiText(limitsOf(settings), settings.CHATROOM_BASE_URL))
await app.close()

async function write(name: string, text: string): Promise<void> {
  const file = new URL(`../../openapi/${name}`, import.meta.url)
  await writeFile(file, text)
  process.stdout.write(`${file.pathname} is written.\n`)
}

import { writeFile } from 'node:fs/promises'
import { buildApp } from './app.js'
import { documentText } from './http/openapi.js'
import { settingsFrom } from './settings.js'

/** Writes the document that the server publishes with its default settings. */
const app = await buildApp({ settings: settingsFrom({ CHATROOM_DATA: ':memory:' }) })
const file = new URL('../openapi/openapi.json', import.meta.url)
await writeFile(file, documentText(app))
process.stdout.write(`${file.pathname} is written.\n`)
await app.close()

import { readFile, writeFile } from 'node:fs/promises'
import { environmentExample, pages, withCurrentParts } from './readme.js'

/** Writes what README.md, the pages beside it and .env.example have from the sources. */
const root = new URL('../../', import.meta.url)
const write = async (path: string, text: string): Promise<void> => {
  await writeFile(new URL(path, root), text)
  process.stdout.write(`${path} is written.\n`)
}
for (const path of await pages(root)) await write(path, withCurrentParts(await readFile(new URL(path, root), 'utf8')))
await write('.env.example', environmentExample())

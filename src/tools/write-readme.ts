import { readFile, writeFile } from 'node:fs/promises'
import { environmentExample, withCurrentTables } from './readme.js'

/** Writes what README.md and .env.example have from the schemas. */
const readme = new URL('../../README.md', import.meta.url)
const example = new URL('../../.env.example', import.meta.url)
await writeFile(readme, withCurrentTables(await readFile(readme, 'utf8')))
await writeFile(example, environmentExample())
process.stdout.write(`${readme.pathname} and ${example.pathname} are written.\n`)

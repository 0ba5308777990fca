import { readFile, writeFile } from 'node:fs/promises'
import { clientContract } from './client-contract.js'

/** Writes what the client has from the published document. */
const document = await readFile(new URL('../../openapi/openapi.json', import.meta.url), 'utf8')
for (const [name, text] of Object.entries(await clientContract(document))) {
  const file = new URL(`../client/contract/${name}`, import.meta.url)
  await writeFile(file, text)
  process.stdout.write(`${file.pathname} is written.\n`)
}

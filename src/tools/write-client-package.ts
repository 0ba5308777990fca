import { cp, mkdir, writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { generateDtsBundle } from 'dts-bundle-generator'
import { bundleClient } from './client-bundle.js'

/** Writes what `@chatroom/client` is published with, beside its package.json. The server serves the same files. */
const client = new URL('../client/', import.meta.url)
const folder = new URL('dist/', client)
const path = (file: string): string => fileURLToPath(new URL(file, client))

await mkdir(folder, { recursive: true })
await writeFile(new URL('client.js', folder), (await bundleClient()).code)
await writeFile(new URL('client.d.ts', folder), types())
await cp(new URL('../../LICENSE', client), new URL('LICENSE', folder))

/** The types of the module, in one file that needs no other. */
function types(): string {
  const entry = { filePath: path('index.ts'), output: { exportReferencedTypes: false, noBanner: true } }
  return generateDtsBundle([entry], { preferredConfigPath: path('tsconfig.json') })[0] ?? ''
}

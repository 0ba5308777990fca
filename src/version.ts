import { readFileSync } from 'node:fs'

// The sources are one folder nearer to it than what is built of them.
const file = new URL(import.meta.url.endsWith('.ts') ? '../package.json' : '../../package.json', import.meta.url)

/** That of the package: of the server, of its documents and of the client. */
export const { version } = JSON.parse(readFileSync(file, 'utf8')) as { readonly version: string }

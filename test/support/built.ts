import { fileURLToPath } from 'node:url'

/** The path of a source's compiled form, such as `src/server.ts`, for a process to run: it is beside this one. */
export const builtFile = (source: string): string =>
  fileURLToPath(new URL(`../../${source.replace(/\.ts$/, '.js')}`, import.meta.url))

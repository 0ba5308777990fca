import { fileURLToPath } from 'node:url'

/** The path of a file of the built code: what production runs is what is measured. */
export const builtFile = (path: string): string => fileURLToPath(new URL(`../../dist/${path}`, import.meta.url))

/** Imports a module of the built code; the type is that of its source. */
export const built = async <T>(path: string): Promise<T> => (await import(builtFile(path))) as T

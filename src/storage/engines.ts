import { createRequire } from 'node:module'
import type { Database } from './database.js'

/** `node:sqlite` comes with Node.js from 22.13 on; the other is the same for those before, built into its package. */
export const engineNames = ['node:sqlite', '@photostructure/sqlite'] as const
export type Engine = (typeof engineNames)[number]

export type DatabaseClass = new (file: string, options: { readOnly: boolean; timeout: number }) => Database

/** The engines that this Node.js has. */
export const engines = (): Engine[] => engineNames.filter((engine) => load(engine) !== undefined)

const loaded = new Map<Engine, DatabaseClass | undefined>()

export function load(engine: Engine): DatabaseClass | undefined {
  if (!loaded.has(engine)) loaded.set(engine, required(engine))
  return loaded.get(engine)
}

function required(engine: Engine): DatabaseClass | undefined {
  // That node:sqlite is experimental is no news to those who start a server.
  const emitWarning = process.emitWarning.bind(process)
  process.emitWarning = () => undefined
  try {
    return (createRequire(import.meta.url)(engine) as { DatabaseSync: DatabaseClass }).DatabaseSync
  } catch {
    return undefined
  } finally {
    process.emitWarning = emitWarning
  }
}

import { existsSync } from 'node:fs'
import type { Logger } from 'pino'
import type { Settings } from '../../schemas/settings.js'
import type { FollowingArchive } from '../archive/archive.js'
import { SqliteArchive } from '../archive/sqlite-archive.js'
import { declaredTables } from '../chat/chat-state.js'
import type { Log } from '../log/log.js'
import { MemoryLog } from '../log/memory-log.js'
import { SqliteLog } from '../log/sqlite-log.js'
import type { Promised } from '../nats/sync.js'
import { windowOf } from '../settings.js'
import { DataError } from '../base/data-error.js'
import type { Peers } from '../base/peers.js'
import type { Engine } from '../storage/engines.js'
import { lockFolder } from '../data-folder/lock.js'
import { pathsIn, type Paths } from '../data-folder/paths.js'
import type { Lease } from '../base/lease.js'

/** Where a chat is kept. Who uses it closes the log and the archive, then lets go of it. */
export interface Storage {
  readonly log: Log
  readonly archive?: FollowingArchive
  /** The other nodes on it; none without it. */
  readonly peers?: Peers
  /** Who does what one node at a time does; this one without it. */
  readonly lease?: Lease
  /** Lets others in, when the chat is open on it. */
  begin?(): Promise<void>
  release(): void | Promise<void>
  /** What the engine of the log promises for what it has acknowledged; what the disk promises, without it. */
  readonly promised?: Promised
}

export interface StorageOptions {
  readonly logger: Logger
  /** Gives the time, in ms since the epoch. */
  readonly now: () => number
  /** The first that is there, unless said otherwise. */
  readonly engine?: Engine
}

const inMemory = ':memory:'

/** Opens what `CHATROOM_DATA` names. @throws {DataError} if it cannot be used */
export async function openStorage(settings: Settings, options: StorageOptions): Promise<Storage> {
  const { CHATROOM_DATA: folder } = settings
  if (folder === inMemory) return { log: new MemoryLog(options.now), release: () => undefined }
  const paths = pathsIn(folder)
  const release = await lockFolder(paths)
  try {
    const { log, archive } = await openFiles(paths, settings, options, {
      onWritten: (position) => log.release(position),
    })
    return { log, archive, release }
  } catch (error) {
    release()
    throw error
  }
}

/** Tells an operator that something cannot be written, and that it can again. */
export const availabilityTo =
  (logger: Logger) =>
  (what: string) =>
  (available: boolean, error?: Error): void => {
    if (available) logger.info(`${what} can be written again`)
    else logger.error({ err: error }, `${what} cannot be written; it is tried again and again`)
  }

/** What others are told of the files. */
interface Changes {
  /** Told when the log cannot be written, and when it can again. */
  readonly onLogAvailable: (available: boolean) => void
  /** Told when the archive has all up to an entry on disk. */
  readonly onWritten: (position: number) => void
  /** Told when the archive cannot be written, and when it can again. */
  readonly onArchive: () => void
}

/** Opens the files of a folder that this process has taken. @throws {DataError} */
export async function openFiles(
  paths: Paths,
  settings: Settings,
  { logger, now, engine }: StorageOptions,
  onChange: Partial<Changes> = {},
): Promise<{ log: SqliteLog; archive: SqliteArchive }> {
  if (existsSync(paths.archive) && !existsSync(paths.log))
    throw new DataError(
      `${paths.log} is missing, but there is an archive beside its place. Bring back a backup with "npx chatroom restore FILE".`,
    )
  const told = availabilityTo(logger)
  const window = windowOf(settings)
  const log = new SqliteLog({
    file: paths.log,
    mark: paths.mark,
    engine,
    window,
    now,
    onAvailable(available, error) {
      told(paths.log)(available, error)
      onChange.onLogAvailable?.(available)
    },
  })
  try {
    const { epoch } = await log.extent()
    const archive = await SqliteArchive.open(epoch, {
      file: paths.archive,
      engine,
      window,
      tables: declaredTables(),
      now,
      onWritten(position) {
        onChange.onWritten?.(position)
      },
      onAvailable(available, error) {
        told(paths.archive)(available, error)
        onChange.onArchive?.()
      },
    })
    return { log, archive }
  } catch (error) {
    await log.close()
    throw error
  }
}

import { existsSync, renameSync, rmSync } from 'node:fs'
import { dirname } from 'node:path'
import type { NatsConnection } from '@nats-io/transport-node'
import type { Logger } from 'pino'
import type { Settings } from '../../schemas/settings.js'
import { archiveFormat } from '../archive/archive-format.js'
import { SqliteArchive } from '../archive/sqlite-archive.js'
import { DataError } from '../base/data-error.js'
import { declaredTables } from '../chat/chat-state.js'
import { lockFolder } from '../data-folder/lock.js'
import { pathsIn, type Paths } from '../data-folder/paths.js'
import { JetStreamLog } from '../log/jetstream/jetstream-log.js'
import { connectNats, type NatsOptions } from '../nats/connection.js'
import { NatsLease } from '../nats/nats-lease.js'
import { NatsPeers } from '../nats/nats-peers.js'
import { SnapshotStore } from '../nats/snapshot-store.js'
import { promiseSentence, requireSync } from '../nats/sync.js'
import { windowOf } from '../settings.js'
import { syncFile } from '../storage/new-file.js'
import { Duties } from './lease.js'
import { placeOf, Snapshots, type DatedAbout } from './snapshots.js'
import { availabilityTo, type Storage, type StorageOptions } from './storage.js'

/**
 * Opens a node of the chat whose log the NATS servers keep. The folder has the node's own archive.
 * @param onLost Told when it cannot go on from where it is: this process must begin anew.
 * @throws {DataError} if the folder, or what the servers have, cannot be used
 * @throws {SettingError} if the servers cannot be reached, or do not promise what must be
 */
export async function openCluster(
  settings: Settings,
  options: StorageOptions,
  onLost: (error: Error) => void,
): Promise<Storage> {
  const paths = pathsIn(settings.CHATROOM_DATA)
  const connection = await connectNats(natsOf(settings))
  try {
    const release = await lockFolder(paths)
    try {
      return await openNode(paths, settings, options, { connection, release, onLost })
    } catch (error) {
      release()
      throw error
    }
  } catch (error) {
    await connection.close()
    throw error
  }
}

/** How the NATS servers are reached. */
export const natsOf = (settings: Settings): NatsOptions => ({
  url: settings.CHATROOM_NATS_URL,
  credentials: settings.CHATROOM_NATS_CREDENTIALS,
  ca: settings.CHATROOM_NATS_CA,
})

interface Node {
  readonly connection: NatsConnection
  readonly release: () => void
  readonly onLost: (error: Error) => void
}

async function openNode(
  paths: Paths,
  settings: Settings,
  { logger, now, engine }: StorageOptions,
  { connection, release, onLost }: Node,
): Promise<Storage> {
  if (existsSync(paths.log))
    throw new DataError(
      `CHATROOM_DATA is "${paths.folder}", which holds a chat of its own, but CHATROOM_NATS_URL is set. Move that chat into the cluster with "npx chatroom found-cluster", or name an empty folder.`,
    )
  const { CHATROOM_NATS_PREFIX: prefix, CHATROOM_NATS_REPLICAS: replicas } = settings
  const told = availabilityTo(logger)
  const log = new JetStreamLog({
    connection,
    prefix,
    replicas,
    now,
    onAvailable: told('the log in NATS'),
    onLost,
  })
  await log.meet()
  const promised = await log.findPromise(listOf(settings.CHATROOM_NATS_MONITOR))
  if (settings.CHATROOM_NATS_SYNC === 'required') requireSync(promised)
  logger.info(promiseSentence(promised))
  const store = new SnapshotStore<DatedAbout>({ connection, prefix, replicas })
  await bringUp(paths, log, store, logger)
  const archive = await SqliteArchive.open(log.epoch, {
    file: paths.archive,
    engine,
    window: windowOf(settings),
    tables: declaredTables(),
    now,
    onAvailable: told(paths.archive),
  })
  const peers = new NatsPeers({ connection, prefix })
  const lease = new NatsLease({
    connection,
    prefix,
    replicas,
    node: peers.id,
    settings: JSON.stringify(agreedOf(settings)),
    onDiffer: (inForce, own) => logger.warn(differs(inForce, own)),
    onTrouble: (error) => logger.error({ err: error }, 'the duties could not be taken over; it is tried again'),
  })
  const duties = new Duties(lease)
  const snapshots = new Snapshots({ archive, log, store, logger, file: `${paths.archive}.snapshot` })
  return {
    log,
    archive,
    peers,
    lease: duties,
    promised,
    async begin() {
      await duties.hold(
        async () => snapshots.start(),
        () => snapshots.stop(),
      )
    },
    async release() {
      snapshots.stop()
      await lease.end()
      peers.close()
      await connection.close()
      release()
    },
  }
}

/** Puts the newest snapshot in place, where the log does not go on from what the folder has, or that has nothing. */
async function bringUp(
  paths: Paths,
  log: JetStreamLog,
  store: SnapshotStore<DatedAbout>,
  logger: Logger,
): Promise<void> {
  const own = existsSync(paths.archive) ? placeOf(paths.archive) : undefined
  if (own && own.position > 0 && (await log.goesOnAfter(own))) return
  const newest = (await store.list()).find(
    ({ about }) => about.epoch === log.epoch && about.format === archiveFormat.steps.length,
  )
  // Without one, the log is read from its beginning; whoever opens it says so where that is not there.
  if (!newest || newest.about.position <= (own?.position ?? 0)) return
  logger.info(`fetching the snapshot of all up to entry ${newest.about.position.toLocaleString('en')}`)
  const partial = `${paths.archive}.fetched`
  try {
    await store.fetch(newest, partial)
    for (const ending of ['', '-wal', '-shm']) rmSync(paths.archive + ending, { force: true })
    renameSync(partial, paths.archive)
    syncFile(dirname(paths.archive))
  } finally {
    rmSync(partial, { force: true })
  }
}

/** What nodes of one chat must have alike: who has the duties puts it into the log, or acts by it. */
const agreed = [
  'CHATROOM_AUTH',
  'CHATROOM_REGISTRATION',
  'CHATROOM_GUEST_TTL',
  'CHATROOM_SESSION_TTL',
  'CHATROOM_RETENTION',
  'CHATROOM_USERS',
  'CHATROOM_SESSIONS_PER_USER',
  'CHATROOM_ROOMS_PER_USER',
  'CHATROOM_ROOMS_OF_OTHERS',
  'CHATROOM_PARTICIPANTS_PER_USER',
  'CHATROOM_PARTICIPANTS_PER_GUEST',
  'CHATROOM_BYTES_PER_DAY',
  'CHATROOM_ROOM_MEMBERS',
  'CHATROOM_MEMBERSHIPS',
  'CHATROOM_IDEMPOTENCY_KEYS',
] as const satisfies readonly (keyof Settings)[]

const agreedOf = (settings: Settings) => Object.fromEntries(agreed.map((name) => [name, settings[name]]))

/** Says which settings are not those of the node that has the duties. */
function differs(inForce: string, own: string): string {
  const [theirs, ours] = [inForce, own].map((text) => JSON.parse(text) as Record<string, unknown>) as [
    Record<string, unknown>,
    Record<string, unknown>,
  ]
  const names = Object.keys(ours).filter((name) => ours[name] !== theirs[name])
  const said = names.map((name) => `${name} is ${String(ours[name])} here and ${String(theirs[name])} there`)
  return `The settings of this node are not those of the node that has the duties, which are in force: ${said.join('; ')}. Set them alike.`
}

const listOf = (text: string): string[] => text.split(',').flatMap((item) => item.trim() || [])

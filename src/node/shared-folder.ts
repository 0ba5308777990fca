import { rmSync } from 'node:fs'
import { createServer } from 'node:net'
import type { Settings } from '../../schemas/settings.js'
import { ArchiveTeller } from '../archive/archive-link.js'
import { FollowedArchive } from '../archive/followed-archive.js'
import { DataError } from '../base/data-error.js'
import { Link } from '../base/link.js'
import { OwnerPeers, UplinkPeers } from '../base/linked-peers.js'
import { Uplink } from '../base/uplink.js'
import { lockFolder } from '../data-folder/lock.js'
import { pathsIn } from '../data-folder/paths.js'
import { FollowerLog } from '../log/followed/follower-log.js'
import { OwnerLog } from '../log/followed/owner-log.js'
import { windowOf } from '../settings.js'
import { foreignLease } from './lease.js'
import { openFiles, type Storage, type StorageOptions } from './storage.js'

/** What the processes of one machine speak of. */
const channels = { log: 1, archive: 2, peers: 3 } as const

/**
 * Opens the folder that `CHATROOM_DATA` names, for this process and for others of the machine, who follow it.
 * @param socket Where they come to.
 * @throws {DataError} if it cannot be used
 */
export async function openOwned(settings: Settings, options: StorageOptions, socket: string): Promise<Storage> {
  const paths = pathsIn(settings.CHATROOM_DATA)
  const release = await lockFolder(paths)
  try {
    const files = await openFiles(paths, settings, options, {
      onWritten(position) {
        log.release(position)
        teller.tell()
      },
      onLogAvailable: (available) => log.tellAvailable(available),
      onArchive: () => teller.tell(),
    })
    const { archive } = files
    const log = new OwnerLog(files.log, channels.log)
    const teller = new ArchiveTeller(channels.archive, {
      status: () => archive.status,
      flush: () => archive.flush(),
    })
    const peers = new OwnerPeers(channels.peers)
    const server = createServer((connection) => {
      const link = new Link(connection)
      links.add(link)
      link.onEnd(() => links.delete(link))
      log.addFollower(link)
      teller.add(link)
      peers.add(link)
    })
    const links = new Set<Link>()
    return {
      log,
      archive,
      peers,
      async begin() {
        // What one left that was killed.
        rmSync(socket, { force: true })
        // For itself: what a process of a cluster listens at is shared by all, else.
        await new Promise<void>((resolve, reject) => {
          server.once('error', reject).listen({ path: socket, exclusive: true }, resolve)
        })
      },
      release() {
        server.close()
        for (const link of links) link.destroy()
        release()
      },
    }
  } catch (error) {
    release()
    throw error
  }
}

/**
 * Follows the process that owns the folder.
 * @param socket Where that is found.
 * @param onLost Told when it cannot go on from where it is: this process must begin anew.
 * @throws {DataError} if it cannot be used
 */
export async function openFollowed(
  settings: Settings,
  { logger, now, engine }: StorageOptions,
  socket: string,
  onLost: (error: Error) => void,
): Promise<Storage> {
  const paths = pathsIn(settings.CHATROOM_DATA)
  const uplink = new Uplink(socket)
  const log = new FollowerLog(uplink, {
    name: paths.log,
    channel: channels.log,
    onLost,
    onAvailable(available, error) {
      if (available) logger.info('the process that owns the folder can be reached')
      else logger.warn({ err: error }, 'the process that owns the folder cannot be reached, or cannot write')
    },
  })
  const archive = new FollowedArchive({
    file: paths.archive,
    engine,
    window: windowOf(settings),
    uplink,
    channel: channels.archive,
    now,
  })
  const peers = new UplinkPeers(uplink, channels.peers)
  uplink.open()
  await log.welcome()
  return { log, archive, peers, lease: foreignLease, release: () => uplink.close() }
}

/** @throws {DataError} if several processes cannot be on what the settings name */
export function checkShared({
  CHATROOM_DATA: folder,
  CHATROOM_PROCESSES: processes,
  CHATROOM_NATS_URL: url,
}: Settings): void {
  if (folder === ':memory:' && processes !== '1')
    throw new DataError(
      `CHATROOM_PROCESSES is "${processes}", but CHATROOM_DATA is ":memory:", which one process has for itself. Name a folder, or set CHATROOM_PROCESSES=1.`,
    )
  if (url !== '' && processes !== '1')
    throw new DataError(
      `CHATROOM_PROCESSES is "${processes}", but CHATROOM_NATS_URL is set: a node is one process. Set CHATROOM_PROCESSES=1, and start a node for each core, with a folder each.`,
    )
}

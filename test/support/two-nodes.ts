import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer, type AddressInfo, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pino } from 'pino'
import type { Test } from 'tap'
import { buildApp, type App, type AppOptions } from '../../src/app.js'
import { openFollowed, openOwned } from '../../src/node/shared-folder.js'
import type { Storage, StorageOptions } from '../../src/node/storage.js'
import { startLateLink } from './late-link.js'

export interface SharedFolder {
  readonly owned: Storage
  /** Opens it for one more, who follows. */
  readonly follow: () => Promise<Storage>
}

const silent = pino({ enabled: false })

/** Where to find what `CHATROOM_DATA` names; a new folder for what is kept nowhere. It goes with the test. */
async function folderOf(t: Test, data: string): Promise<{ data: string; sockets: string }> {
  const sockets = await mkdtemp(join(tmpdir(), 'chatroom-'))
  t.teardown(() => rm(sockets, { recursive: true, force: true }))
  return { data: data === ':memory:' ? join(sockets, 'data') : data, sockets }
}

/** Opens a folder for one process, and for others that follow it over a link that is late. */
export async function shareFolder(
  t: Test,
  { settings, logger = silent, now = Date.now }: AppOptions,
): Promise<SharedFolder> {
  const { data, sockets } = await folderOf(t, settings.CHATROOM_DATA)
  const [socket, late] = [join(sockets, 'owner'), join(sockets, 'late')]
  const shared = { ...settings, CHATROOM_DATA: data }
  const options: StorageOptions = { logger, now }
  const owned = await openOwned(shared, options, socket)
  return {
    owned,
    follow: async () => {
      await startLateLink(t, late, socket)
      return openFollowed(shared, options, late, (error) => void t.fail(error.message))
    },
  }
}

/** The owner of a folder, and one who follows, as one app: each request and each connection comes to one of them at random. */
export async function buildTwo(t: Test, options: AppOptions): Promise<App> {
  const { owned, follow } = await shareFolder(t, options)
  const owner = await buildApp({ ...options, storage: owned })
  const follower = await buildApp({ ...options, storage: await follow() })
  const apps = [owner, follower]
  const one = (): App => apps[Math.floor(Math.random() * apps.length)] as App
  const [inject, close] = [owner.inject.bind(owner), owner.close.bind(owner)]
  const sockets = new Set<Socket>()
  const entrance = createServer((socket) => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
    one().server.emit('connection', socket)
  })
  return Object.assign(owner, {
    inject: ((...args: Parameters<App['inject']>) => {
      const app = one()
      return app === owner ? inject(...args) : app.inject(...args)
    }) as App['inject'],
    async listen() {
      entrance.listen(0, '127.0.0.1')
      await once(entrance, 'listening')
      return `http://127.0.0.1:${(entrance.address() as AddressInfo).port}`
    },
    async close() {
      entrance.close()
      await follower.close()
      await close()
      // One that came to a node while that was closing.
      for (const socket of sockets) socket.destroy()
    },
  }) as App
}

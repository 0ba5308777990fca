import { once } from 'node:events'
import { connect, createServer, type Socket } from 'node:net'
import type { Test } from 'tap'

/** How long a piece of data is held back at most, in ms; for how long each is, is left to chance. */
const mostMs = 4

/**
 * Stands between two processes of one machine, and holds back what they say to each other, in order. It ends with the test.
 * @param path Its own socket. @param target That of the other side.
 */
export async function startLateLink(t: Test, path: string, target: string): Promise<void> {
  const sockets = new Set<Socket>()
  const server = createServer({ allowHalfOpen: true }, (near) => {
    const far = connect({ path: target, allowHalfOpen: true })
    for (const [from, to] of [[near, far] as const, [far, near] as const]) {
      sockets.add(from)
      carry(from, to)
      from.on('close', () => sockets.delete(from))
    }
  })
  server.listen(path)
  await once(server, 'listening')
  t.teardown(() => {
    server.close()
    for (const socket of sockets) socket.destroy()
  })
}

function carry(from: Socket, to: Socket): void {
  let queue: Promise<unknown> = Promise.resolve()
  const later = (act: () => void): void => {
    const held = new Promise((resolve) => setTimeout(resolve, Math.random() * mostMs))
    queue = queue.then(() => held).then(act)
  }
  from.on('data', (bytes) => later(() => to.write(bytes)))
  from.on('end', () => later(() => to.end()))
  from.on('error', () => undefined)
  from.on('close', () => later(() => to.destroy()))
}

import { open } from 'node:fs/promises'

/** Where Linux lists the connections of IPv4 and of IPv6; the other one may be switched off. */
const [list, otherList] = ['/proc/net/tcp', '/proc/net/tcp6']
const pieceBytes = 2 ** 16

/** A connection that holds bytes, in hexadecimal, and the number of its socket (Linux, Documentation/networking/proc_net_tcp). */
const holding = /^ *\d+: \S+ \S+ \S+ (?!00000000:)(\w+):\S+ \S+ \S+ +\d+ +\d+ (\d+) /gm

/**
 * The bytes that the kernel keeps of each connection because the peer has not acknowledged them, by the number of its
 * socket: of those of which it keeps any. Node has no other way to ask for it.
 * @throws {Error} where the kernel does not say
 */
export async function readSendQueues(): Promise<ReadonlyMap<number, number>> {
  const queues = new Map<number, number>()
  await readList(list, queues)
  await readList(otherList, queues).catch(() => undefined)
  return queues
}

async function readList(path: string, queues: Map<number, number>): Promise<void> {
  const file = await open(path)
  try {
    const piece = Buffer.allocUnsafe(pieceBytes)
    for (let rest = ''; ;) {
      const { bytesRead } = await file.read(piece, 0, pieceBytes)
      if (bytesRead === 0) return
      const text = rest + piece.toString('latin1', 0, bytesRead)
      const end = text.lastIndexOf('\n') + 1
      for (const [, bytes = '', number] of text.slice(0, end).matchAll(holding))
        queues.set(Number(number), Number.parseInt(bytes, 16))
      rest = text.slice(end)
    }
  } finally {
    await file.close()
  }
}

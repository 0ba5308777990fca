import { bad, good, note, type Check } from '../finding.js'
import { isLoopback, type Target } from '../target.js'

/** An address that no client has (RFC 5737). */
const madeUp = '198.51.100.7'
const notPublic = /^(?:10\.|127\.|169\.254\.|192\.168\.|172\.(?:1[6-9]|2\d|3[01])\.|::1$|f[cd])/i

/** Allowances are counted by address: the server must see that of the client, and no stranger may choose it. */
export const addresses: Check = {
  name: 'Addresses',
  async run(target) {
    const seen = await addressSeen(target)
    if (seen === undefined) return [note('The server does not say which address it sees.')]
    const claimed = await addressSeen(target, { 'x-forwarded-for': madeUp })
    if (claimed === madeUp)
      return [
        bad(`A stranger can choose its address by X-Forwarded-For, and with it an allowance of its own.`, 'address'),
      ]
    if (seen === target.localAddress) return [good(`The server sees the address of the client, ${seen}.`)]
    const isOwn = target.localAddress === undefined && (!notPublic.test(seen) || isLoopback(target.base.hostname))
    if (isOwn)
      return [
        note(
          `The server sees you as ${seen}. If that is not your own address, it is a proxy's: all clients share its allowance.`,
        ),
      ]
    return [bad(`The server sees ${seen}, the address of the proxy: all clients share one allowance.`, 'address')]
  },
}

async function addressSeen(
  target: Target,
  headers: Readonly<Record<string, string>> = {},
): Promise<string | undefined> {
  const { json } = await target.ask('health', { headers })
  const address = json?.['client_address']
  return typeof address === 'string' ? address : undefined
}

import { compile } from '@fastify/proxy-addr'
import type { FastifyInstance } from 'fastify'
import type { Logger } from 'pino'
import { SettingError } from '../settings.js'
import { bareAddress } from './addresses.js'

export type Trust = boolean | ((address: string | undefined, hop: number) => boolean)

/**
 * Whose `X-Forwarded-For` to believe, in Fastify's terms. A proxy that writes ports beside addresses is the same proxy.
 * @throws {SettingError} if one of the list is no address or network
 */
export function trustOf(setting: string): Trust {
  if (setting === 'true' || setting === 'false') return setting === 'true'
  const isTrusted = trustOfList(setting.split(',').map((proxy) => proxy.trim()))
  return (address = '', hop) => isTrusted(bareAddress(address), hop)
}

function trustOfList(proxies: readonly string[]): ReturnType<typeof compile> {
  try {
    return compile([...proxies])
  } catch (error) {
    throw new SettingError(
      `CHATROOM_TRUST_PROXY is "${proxies.join(', ')}", which is no list of addresses and networks: ${(error as Error).message}.`,
    )
  }
}

/**
 * Says what is wrong with how proxies are trusted: everybody is, so that whoever asks is who it says it is; or one stands
 * before the server and is not, so that all who come through it share one allowance. That is said once.
 */
export function warnOfProxies(app: FastifyInstance, setting: string, logger: Logger): void {
  if (setting === 'true')
    logger.warn(
      'CHATROOM_TRUST_PROXY=true believes whatever address a client says it has. Name the addresses of your proxies instead, as in CHATROOM_TRUST_PROXY=127.0.0.1,10.0.0.0/8.',
    )
  if (setting !== 'false') return
  let isSaid = false
  app.addHook('onRequest', ({ headers, raw: { socket } }, _reply, done) => {
    if (!isSaid && headers['x-forwarded-for'] !== undefined) {
      isSaid = true
      logger.warn(
        `A request from ${socket.remoteAddress ?? 'somewhere'} has X-Forwarded-For, which is not believed. If that is your proxy, set CHATROOM_TRUST_PROXY to its address: until then, all who come through it share one allowance.`,
      )
    }
    done()
  })
}

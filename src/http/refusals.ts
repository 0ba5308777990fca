import type { FastifyRequest } from 'fastify'
import type { Logger } from 'pino'
import { errors, type ErrorCode } from '../../schemas/errors.js'
import { bareAddress } from './addresses.js'

/** The time for which those of a kind are counted before the next line, in ms. */
const pauseMs = 1000

/** Too many requests, and a server that cannot take them: what comes by the thousand, and whenever a stranger wants it. */
export const isRefusal = (status: number): boolean => status === 429 || status === 503

interface Counted {
  count: number
  /** The address of the latest. */
  address: string | undefined
  timer: NodeJS.Timeout
}

/**
 * Logs answers of 429 and 503 by their kind: the first of them at once, then a line a second with how many there were. A
 * line for each would fill the disk of a server that defends itself.
 */
export class Refusals {
  private readonly kinds = new Map<ErrorCode, Counted>()

  constructor(private readonly logger: Logger) {}

  count(code: ErrorCode, { ip }: Pick<FastifyRequest, 'ip'> | { readonly ip: undefined }): void {
    const address = ip === undefined ? undefined : bareAddress(ip)
    const counted = this.kinds.get(code)
    if (counted) {
      counted.count++
      counted.address = address
    } else {
      this.log(code, 1, address)
      this.await(code)
    }
  }

  /** Logs what has been counted. */
  close(): void {
    for (const [code, { timer }] of this.kinds) {
      clearTimeout(timer)
      this.end(code)
    }
  }

  private await(code: ErrorCode): void {
    const timer = setTimeout(() => {
      if (this.end(code)) this.await(code)
    }, pauseMs)
    timer.unref()
    this.kinds.set(code, { count: 0, address: undefined, timer })
  }

  /** @returns whether there were any */
  private end(code: ErrorCode): boolean {
    const { count = 0, address } = this.kinds.get(code) ?? {}
    this.kinds.delete(code)
    if (count > 0) this.log(code, count, address)
    return count > 0
  }

  private log(code: ErrorCode, count: number, address: string | undefined): void {
    const { status } = errors[code]
    this.logger[status === 503 ? 'warn' : 'info']({ status, code, count, address }, 'refused')
  }
}

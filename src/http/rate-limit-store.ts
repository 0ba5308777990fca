import type { FastifyRateLimitStoreCtor } from '@fastify/rate-limit'
import type { Allowance } from './allowance.js'

type Told = Parameters<InstanceType<FastifyRateLimitStoreCtor>['incr']>[1]

/** An allowance as a store of @fastify/rate-limit, whose own knows no networks of IPv6. Its keys are addresses. */
export const storeOf = (allowance: Allowance): FastifyRateLimitStoreCtor =>
  class AllowanceStore {
    incr(address: string, told: Told): void {
      const { count, ttl } = allowance.use({ address }) ?? { count: Infinity, ttl: 0 }
      told(null, { current: allowance.most - count, ttl })
    }

    child(): AllowanceStore {
      return this
    }
  }

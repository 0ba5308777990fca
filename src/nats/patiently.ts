import { setTimeout as pauseFor } from 'node:timers/promises'
import { isWorthAnotherTry } from './jetstream-errors.js'

/** How long servers may take until they answer again, in ms: longer than until another one leads. */
const patienceMs = 60_000
const retryMs = 250

/**
 * Asks servers, and again while nobody answers or decides. What is asked must be harmless twice.
 * @throws {Error} what they say, or that they have not answered for a minute
 */
export async function patiently<T>(ask: () => Promise<T>): Promise<T> {
  const begin = performance.now()
  for (;;) {
    try {
      return await ask()
    } catch (error) {
      if (!isWorthAnotherTry(error)) throw error
      if (performance.now() - begin > patienceMs)
        throw new Error(
          `the NATS servers have not answered for ${patienceMs / 1000} s: ${(error as Error).message}. More than half of them must run.`,
          { cause: error },
        )
    }
    await pauseFor(retryMs)
  }
}

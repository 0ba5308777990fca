import { bad, good, seconds, type Check } from '../finding.js'
import { bearer } from '../target.js'

/** Over what was asked for, in ms, an answer may take. */
const leewayMs = 15_000

export const longPoll: Check = {
  name: 'Long poll',
  async run(target, { poll }, guest) {
    const path = `messages?username=${guest.username}&wait=${poll}`
    const begun = performance.now()
    try {
      const { status } = await target.ask(path, { headers: bearer(guest.token), timeoutMs: poll * 1000 + leewayMs })
      const held = performance.now() - begun
      if (status !== 200) return [bad(`A poll of ${poll} s is answered ${status} after ${seconds(held)}.`, 'patience')]
      return [good(`A poll of ${poll} s is held for ${seconds(held)}.`)]
    } catch (error) {
      return [
        bad(
          `A poll of ${poll} s is cut off after ${seconds(performance.now() - begun)} (${(error as Error).message}).`,
          'patience',
        ),
      ]
    }
  },
}

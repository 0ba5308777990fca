import { fixed } from '../../../schemas/limits.js'
import type { PollQuery } from '../../../schemas/messages.js'
import type { Credentials } from '../access.js'
import type { Core } from '../core.js'
import { ChatError } from '../chat-error.js'
import { pageJson } from './page.js'

/** How long a poll is held at most that asks for so many seconds, in ms. */
export const holdMs = (waitSeconds: number): number => Math.min(waitSeconds, fixed.hold) * 1000

export const poll = {
  /**
   * A page of the messages that are new to the user, as the JSON of a `PollResult`. If there are none, it is held until
   * there are, the time is over, or the client has hung up.
   */
  async ask(
    { state, speaker, history, live }: Core,
    { username, last_id: lastId = 0, limit = fixed.page.unpaged, wait = 0 }: PollQuery,
    credentials: Credentials,
    hungUp?: AbortSignal,
  ): Promise<Buffer> {
    const until = performance.now() + holdMs(wait)
    let user = speaker(username, credentials)
    while (!history.hasNew(user, lastId) && (await live.wait(user, until - performance.now(), hungUp)))
      user = speaker(username, credentials)
    const found = history.page(user, lastId, limit)
    const page = found instanceof Promise ? await found : found
    // Who has gone meanwhile reads nothing any more; nor does the next holder of the name.
    if (page !== found && speaker(username, credentials) !== user) throw new ChatError('user_not_found')
    return pageJson(state.messages, page, user.number)
  },
}

import { command, type Append } from '../command.js'
import type { ChatData } from '../chat-data.js'
import type { Session } from '../tables/sessions.js'

/** That a session is used is noted when what is known is older than this, in ms. */
const interval = 3_600_000
/** The pause between two looks for sessions to remove, in ms. */
const pause = 600_000
/** Sessions that one command removes at most. */
const mostSessions = 1000

/** Notes that a session was used. */
export const useSession = command('use_session', (state, { user, token_hash }) => {
  const session = state.sessions.find(token_hash)
  if (session?.user.number === user) state.sessions.use(session, state)
})

/** Removes sessions that were not used for long. It comes to how many have gone. */
export const expireSessions = command('expire_sessions', (state, { unused_since, at_most }): number => {
  let gone = 0
  for (const { user, tokenHash } of state.sessions.unused(unused_since)) {
    if (gone === at_most) break
    state.sessions.close(user, tokenHash)
    gone++
  }
  return gone
})

/** Whether a session that was last noted then has expired; what is noted is behind the truth by an interval at most. */
export const hasExpired = ({ usedAt = Infinity }: Session, ttl: number, now: number): boolean =>
  now - usedAt > ttl + interval

/**
 * Sessions end that are not used. That one is used is noted in the log now and then, so that every replica agrees. One that
 * has expired is kept as long again: so its client is told that it is over, and does not take its token for a wrong one.
 */
export class SessionUse {
  private timer: NodeJS.Timeout | undefined
  /** Those of which it is on its way into the log. */
  private readonly noting = new Set<string>()

  /**
   * @param ttl How long a session lasts that is not used, in ms.
   * @param now Gives the time, in ms since the epoch.
   * @param trusted Gives the time up to which the clock is trusted.
   * @param complain Told when they could not be removed; it is tried again.
   */
  constructor(
    private readonly state: ChatData,
    private readonly append: Append,
    private readonly ttl: number,
    private readonly now: () => number,
    private readonly trusted: () => number,
    private readonly complain: (error: unknown) => void,
  ) {}

  /** Notes that a session is used, if there is one. */
  seen(session: Session | undefined): void {
    if (!session || this.now() - (session.usedAt ?? 0) < interval || this.noting.has(session.tokenHash)) return
    this.noting.add(session.tokenHash)
    void this.note(session.user.number, session.tokenHash)
  }

  /** Removes those that nobody need be told of any more, now and from time to time, until {@link stop}. */
  start(): void {
    this.timer = setInterval(() => void this.expire(), pause)
    this.timer.unref()
    void this.expire()
  }

  stop(): void {
    clearInterval(this.timer)
  }

  /** Removes those that have expired long ago. */
  async expire(): Promise<void> {
    const since = this.trusted() - 2 * this.ttl - interval
    try {
      while (!this.state.sessions.unused(since).next().done)
        await this.append(expireSessions, { unused_since: since, at_most: mostSessions })
    } catch (error) {
      this.complain(error)
    }
  }

  private async note(user: number, tokenHash: string): Promise<void> {
    try {
      await this.append(useSession, { user, token_hash: tokenHash })
    } catch {
      // The next request tries again.
    } finally {
      this.noting.delete(tokenHash)
    }
  }
}

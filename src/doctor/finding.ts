import type { Remedy } from './remedies.js'
import type { Guest, Target } from './target.js'

/** What a check saw. */
export interface Finding {
  /** `good`: as it should be. `note`: to be known. `bad`: clients will suffer. */
  readonly level: 'good' | 'note' | 'bad'
  readonly said: string
  /** What mends it, where that is a proxy's or the server's settings. */
  readonly remedy?: Remedy
}

export const good = (said: string): Finding => ({ level: 'good', said })

export const note = (said: string, remedy?: Remedy): Finding => ({ level: 'note', said, ...(remedy && { remedy }) })

export const bad = (said: string, remedy?: Remedy): Finding => ({ level: 'bad', said, ...(remedy && { remedy }) })

/** One thing that a server must do through all that stands between. It never rejects on what the server does. */
export interface Check {
  readonly name: string
  /** @param guest Whom it may speak as. */
  run(target: Target, times: Times, guest: Guest): Promise<readonly Finding[]>
}

/** How long the slow checks take. */
export interface Times {
  /** Seconds that a poll asks to be held. */
  readonly poll: number
  /** Seconds for which nobody says anything on a live connection. */
  readonly silence: number
}

export const seconds = (ms: number): string => `${(ms / 1000).toFixed(ms < 10_000 ? 1 : 0)} s`

import type { CommandOf } from '../../../schemas/commands.js'
import type { ChatState } from '../chat-state.js'

/** Notes since when the clock is in doubt; where it had been ahead, time goes back to what is right. */
export function judgeClock(
  state: ChatState,
  { doubted_since: doubtedSince, time }: CommandOf<'judge_clock'>,
): undefined {
  state.clockDoubtedSince = doubtedSince
  if (time !== undefined && time < state.time) {
    state.latestTime = Math.max(state.latestTime, state.time)
    state.time = time
    for (const user of state.users)
      if (user.seenAt > time) {
        user.seenAt = time
        state.emit({ type: 'user.changed', user })
      }
  }
  state.emit({ type: 'clock.judged' })
}

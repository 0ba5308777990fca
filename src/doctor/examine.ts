import { addresses } from './checks/addresses.js'
import { compression } from './checks/compression.js'
import { cors } from './checks/cors.js'
import { eventStream } from './checks/event-stream.js'
import { answers } from './checks/answers.js'
import { longPoll } from './checks/long-poll.js'
import { prefix } from './checks/prefix.js'
import { queryToken } from './checks/query-token.js'
import { webSocket } from './checks/web-socket.js'
import { bad, type Check, type Finding, type Times } from './finding.js'
import type { Guest, Target } from './target.js'

/** What waits does so side by side. */
const checks: readonly Check[] = [prefix, cors, compression, addresses, queryToken, webSocket, eventStream, longPoll]

export interface Examined {
  readonly name: string
  readonly findings: readonly Finding[]
}

/**
 * Looks at a running server from outside, as clients see it. It registers a guest of its own, and logs it out.
 * @param onExamined Told of each check when it is done, in the order in which they end.
 */
export async function examine(
  target: Target,
  times: Times,
  onExamined: (examined: Examined) => void,
): Promise<Finding[]> {
  const found: Finding[] = []
  const look = async (name: string, run: () => Promise<readonly Finding[]>): Promise<void> => {
    const findings = await run().catch((error: unknown) => [bad(reasonOf(error))])
    found.push(...findings)
    onExamined({ name, findings })
  }
  let guest: Guest | undefined
  await look('HTTP', async () => {
    const finding = await answers(target)
    if (finding.level === 'good') guest = await target.register()
    return [finding]
  })
  if (guest === undefined) return found
  const speaker = guest
  await Promise.all(checks.map((check) => look(check.name, () => check.run(target, times, speaker))))
  await target.logOut(speaker)
  return found
}

/** A connection that fails at each of a name's addresses has no message of its own. */
const reasonOf = (error: unknown): string => {
  const { message, code } = error as NodeJS.ErrnoException
  return `It failed: ${message || code || 'no connection'}.`
}

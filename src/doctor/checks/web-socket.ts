import { once } from 'node:events'
import type { WebSocket } from 'ws'
import { setTimeout as pause } from 'node:timers/promises'
import { bad, good, seconds, type Check, type Finding } from '../finding.js'
import type { Guest, Target } from '../target.js'

/** The longest that an event may take, in ms. */
const promptMs = 5000

export const webSocket: Check = {
  name: 'WebSocket',
  async run(target, { silence }, guest) {
    const socket = target.connect(guest.token)
    // What goes wrong is told by what waits for it.
    socket.on('error', () => undefined)
    try {
      return [await listen(target, guest, socket, silence)]
    } finally {
      socket.terminate()
    }
  },
}

async function listen(target: Target, guest: Guest, socket: WebSocket, silence: number): Promise<Finding> {
  try {
    await eventOf(socket, 'hello')
  } catch (error) {
    return bad(`No WebSocket can be opened: ${(error as Error).message}.`, 'upgrade')
  }
  const begun = performance.now()
  const closed = once(socket, 'close').then(
    ([code]) => Number(code),
    () => 1006,
  )
  const code = await Promise.race([closed, pause(silence * 1000, undefined, { ref: true })])
  if (code !== undefined)
    return bad(
      `A WebSocket on which nobody says anything is closed after ${seconds(performance.now() - begun)} (code ${code}).`,
      'patience',
    )
  const heard = eventOf(socket, 'message.created')
  await target.sendToSelf(guest, 'Is anybody there?')
  try {
    await heard
  } catch {
    return bad(`A WebSocket brings nothing any more after ${silence} s of silence.`, 'patience')
  }
  return good(`A WebSocket opens, and brings events after ${silence} s of silence.`)
}

/** Waits for an event of a type. @throws {Error} if the socket fails, or it takes too long */
async function eventOf(socket: WebSocket, type: string): Promise<void> {
  const signal = AbortSignal.timeout(promptMs)
  for (;;) {
    const [data] = (await once(socket, 'message', { signal })) as [Buffer]
    if ((JSON.parse(data.toString()) as { type?: unknown }).type === type) return
  }
}

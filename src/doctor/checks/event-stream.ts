import type { IncomingMessage } from 'node:http'
import { setTimeout as pause } from 'node:timers/promises'
import { bad, good, seconds, type Check, type Finding } from '../finding.js'
import type { Guest, Target } from '../target.js'

/** The longest that an event may take, in ms; more, and something holds it back. */
const promptMs = 5000

export const eventStream: Check = {
  name: 'Server-Sent Events',
  async run(target, { silence }, guest) {
    try {
      return [await listen(target, guest, silence)]
    } catch (error) {
      return [bad(`No stream of events can be opened: ${(error as Error).message}.`, 'buffering')]
    }
  },
}

async function listen(target: Target, guest: Guest, silence: number): Promise<Finding> {
  // As an EventSource asks; a browser always takes gzip.
  const headers = { accept: 'text/event-stream', 'accept-encoding': 'gzip' }
  const path = `events?access_token=${guest.token}`
  const response = await target.begin(path, { headers, timeoutMs: silence * 1000 + 3 * promptMs })
  const stream = new Stream(response)
  try {
    if (response.statusCode !== 200) return bad(`A stream of events is answered ${response.statusCode}.`)
    const encoding = response.headers['content-encoding']
    if (encoding !== undefined)
      return bad(`The stream of events is compressed (${encoding}), which holds events back.`, 'buffering')
    if (!(await stream.hears('"hello"')))
      return bad('The stream of events is held back: it opens, and nothing comes.', 'buffering')
    const begun = performance.now()
    await Promise.race([stream.end, pause(silence * 1000)])
    // The server ends it itself, when it has lasted long enough, and says so.
    if (stream.has('"renewed"'))
      return good(`A stream lasts until the server renews it, after ${seconds(performance.now() - begun)} of silence.`)
    if (stream.hasEnded)
      return bad(
        `A stream on which nobody says anything is cut off after ${seconds(performance.now() - begun)}.`,
        'patience',
      )
    await target.sendToSelf(guest, 'Is anybody there?')
    if (!(await stream.hears('"message.created"')))
      return bad(`A stream brings nothing any more after ${silence} s of silence.`, 'buffering')
    return good(`A stream brings each event at once, after ${silence} s of silence, too.`)
  } finally {
    response.destroy()
  }
}

/** What has come of a stream. */
class Stream {
  hasEnded = false
  readonly end: Promise<void>
  private text = ''
  private onMore: () => void = () => undefined

  constructor(response: IncomingMessage) {
    this.end = new Promise((resolve) => {
      const end = () => {
        this.hasEnded = true
        resolve()
      }
      response.on('error', end).on('close', end)
    })
    response.setEncoding('utf8').on('data', (chunk: string) => {
      this.text += chunk
      this.onMore()
    })
  }

  has(words: string): boolean {
    return this.text.includes(words)
  }

  /** Whether these words come soon. */
  async hears(words: string): Promise<boolean> {
    const isThere = () => this.has(words)
    const heard = new Promise<void>((resolve) => {
      this.onMore = () => {
        if (isThere()) resolve()
      }
      this.onMore()
    })
    await Promise.race([heard, this.end, pause(promptMs, undefined, { ref: false })])
    return isThere()
  }
}

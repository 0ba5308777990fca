import { pino } from 'pino'
import t from 'tap'
import { startChat } from './support/chat.js'
import { faltering } from './support/faltering-log.js'

interface Line {
  readonly msg: string
  readonly level: number
  readonly code?: string
  readonly count?: number
  readonly status?: number
}

/** A logger, and what it has written. */
function listening() {
  const texts: string[] = []
  const logger = pino({ base: null }, { write: (text: string) => void texts.push(text) })
  return { logger, text: () => texts.join(''), lines: () => texts.map((text) => JSON.parse(text) as Line) }
}

void t.test('requests that are refused have one line a second and kind, with how many there were', async (t) => {
  const { logger, text, lines } = listening()
  const storage = faltering(() => true)
  const chat = await startChat(t, { CHATROOM_RATE_LIMIT: 301 }, { logger, storage })
  await chat.register('alice')
  const start = performance.now()
  for (let count = 0; count < 300; count++) {
    const { status } = await chat.post('/send', { sender: 'alice', recipient: 'alice', message: 'x' })
    if (status !== 503) t.fail(`it answers ${status}`)
  }
  for (let count = 0; count < 500; count++) await chat.app.inject('/online')
  await chat.app.close()
  const most = 2 + Math.floor((performance.now() - start) / 1000)
  for (const [code, status, level, count] of [
    ['log_unavailable', 503, 40, 300],
    ['rate_limited', 429, 30, 500],
  ] as const) {
    const those = lines().filter((line) => line.code === code)
    t.ok(those.length <= most, `${those.length} lines`)
    t.match(those[0], { msg: 'refused', status, level, count: 1, address: '127.0.0.1' }, 'the first at once')
    t.equal(
      those.reduce((sum, line) => sum + (line.count ?? 0), 0),
      count,
    )
  }
  t.notMatch(text(), 'stack')
  t.equal(lines().filter(({ msg }) => msg === 'request').length, 1, 'what was not refused has its own')
})

import { pino } from 'pino'
import t from 'tap'
import { verify } from '../src/cli/verify.js'
import { asFirst, startChat } from './support/chat.js'
import { called, imported } from './support/cli.js'
import { folderOf, placeIn } from './support/test-folder.js'
import { connectionsOf } from './support/left-behind.js'
import { until } from './support/remote.js'

const start = Date.UTC(2026, 6, 1, 12)
const hour = 3_600_000

const send = (clientId: string) => ({ sender: 'ann', recipient: 'ann', message: clientId, client_id: clientId })

void t.test('a clock that is set back, in a run and between two, changes no order and no answer', async (t) => {
  // Of the answers but the last, the archive alone knows.
  const settings = { CHATROOM_DATA: folderOf(t), CHATROOM_IDEMPOTENCY_KEYS: 1 }
  let time = start
  const now = () => time

  const first = await startChat(t, settings, { now })
  await first.register('ann')
  const answers = [await first.post('/send', send('a'))]
  time -= hour
  answers.push(await first.post('/send', send('b')))
  await first.app.close()

  time -= 48 * hour
  const second = await startChat(t, settings, { now })
  answers.push(await second.post('/send', send('c')))
  await second.app.close()

  time = start + hour
  const third = await startChat(t, settings, { now })
  answers.push(await third.post('/send', send('d')))
  time -= 72 * hour

  t.same(
    answers.map(({ body }) => body['message_id']),
    [1, 2, 3, 4],
  )
  const { messages } = await third.poll('ann')
  t.same(
    messages.map(({ id, sent_at }) => [id, sent_at]),
    answers.map(({ body }) => [body['message_id'], body['sent_at']]),
    'what is read is what was answered',
  )
  const times = messages.map(({ sent_at }) => Date.parse(sent_at))
  t.same(times, [start, start, start, start + hour], 'times do not go back')
  const bodies = answers.map(asFirst)
  for (const [index, clientId] of ['a', 'b', 'c', 'd'].entries())
    t.same(asFirst(await third.post('/send', send(clientId))), bodies[index], 'a repeat has the first answer')
  t.equal((await third.poll('ann')).messages.length, 4)
})

const day = 24 * hour
const year = 365 * day

/** What is logged, as lines. */
function noting() {
  const lines: string[] = []
  return { lines, logger: pino({ level: 'warn' }, { write: (line: string) => void lines.push(line) }) }
}

void t.test('a clock that is a year ahead at a start deletes nothing, and time goes on when it is right', async (t) => {
  const folder = placeIn(t)
  const settings = { CHATROOM_DATA: folder, CHATROOM_RETENTION: 30 }
  let time = start
  const now = () => time
  const { lines, logger } = noting()
  const first = await startChat(t, settings, { now, logger })
  await first.register('ann', 'a long password')
  const token = String((await first.post('/login', { username: 'ann', password: 'a long password' })).body['token'])
  const { body } = await first.post('/create_room', { admin: 'ann', participants: [], retention: 7 }, token)
  await first.send('ann', 'ann', 'kept', token)
  await first.send('ann', String(body['room_id']), 'in a room', token)
  await first.app.close()

  time += year
  for (let starts = 0; starts < 2; starts++) {
    const ahead = await startChat(t, settings, { now, logger })
    await ahead.send('ann', 'ann', `ahead ${starts}`, token)
    t.ok((await ahead.texts('ann', 0, token)).includes('kept'), 'nor at the start after it')
    t.ok((await ahead.texts('ann', 0, token)).includes('in a room'))
    await ahead.app.close()
  }
  t.match(lines.join(''), /The clock says 2027-07-01.*, but the chat was at 2026-07-01.* start once with --yes/)

  time = start + hour
  const right = await startChat(t, settings, { now, logger })
  t.match(lines.at(-1), /The clock was ahead, and says 2026-07-01/)
  const times: unknown[] = []
  for (const text of ['right', 'later']) {
    times.push((await right.post('/send', { sender: 'ann', recipient: 'ann', message: text }, token)).body['sent_at'])
    time += hour
  }
  t.same(
    times,
    [1, 2].map((hours) => new Date(start + hours * hour).toISOString()),
  )
  const read = await right.texts('ann', 0, token)
  t.same(read.slice(-4), ['ahead 0', 'ahead 1', 'right', 'later'])
  await right.app.close()
  t.match(await called(verify, folder), { code: 0, out: /Nothing is wrong\.\n$/ })
  t.match(await called(verify, await imported(t, folder)), { code: 0, out: /Nothing is wrong\.\n$/ })
})

void t.test('old messages go after a long rest when somebody says that the clock is right', async (t) => {
  const settings = { CHATROOM_DATA: placeIn(t), CHATROOM_RETENTION: 30, CHATROOM_SESSION_TTL: 3650 }
  let time = start
  const now = () => time
  const first = await startChat(t, settings, { now })
  await first.register('ann', 'a long password')
  const token = String((await first.post('/login', { username: 'ann', password: 'a long password' })).body['token'])
  await first.send('ann', 'ann', 'old', token)
  await first.app.close()
  time += year
  const cautious = await startChat(t, settings, { now })
  t.same(await cautious.texts('ann', 0, token), ['old'])
  await cautious.app.close()
  const sure = await startChat(t, settings, { now, clockIsRight: true })
  t.same(await sure.texts('ann', 0, token), [])
  await sure.app.close()
  const { lines, logger } = noting()
  time += hour
  await startChat(t, settings, { now, logger })
  t.same(lines, [], 'it is asked once')
})

void t.test('clients are told the time of the one clock, when it closes, too', async (t) => {
  const chat = await startChat(t, {}, { now: () => start })
  await chat.register('ann')
  const { body } = await chat.get('/events', { username: 'ann', wait: 0 })
  const answer = chat.get('/events', { username: 'ann', last_event_id: String(body['event_id']), wait: 40 })
  await until(() => connectionsOf(chat) > 0)
  await chat.app.close()
  const { body: closing } = await answer
  t.match(closing['events'], [{ at: new Date(start).toISOString() }])
})

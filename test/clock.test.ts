import t from 'tap'
import { startChat } from './support/chat.js'

const start = Date.UTC(2026, 6, 1, 12)
const hour = 3_600_000

const send = (clientId: string) => ({ sender: 'ann', recipient: 'ann', message: clientId, client_id: clientId })

void t.test('a clock that is set back, in a run and between two, changes no order and no answer', async (t) => {
  // Of the answers but the last, the archive alone knows.
  const settings = { CHATROOM_DATA: t.testdir(), CHATROOM_IDEMPOTENCY_KEYS: 1 }
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
  for (const [index, clientId] of ['a', 'b', 'c', 'd'].entries())
    t.same((await third.post('/send', send(clientId))).body, answers[index]?.body, 'a repeat has the first answer')
  t.equal((await third.poll('ann')).messages.length, 4)
})

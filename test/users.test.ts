import t from 'tap'
import { fails, startChat } from './support/chat.js'

void t.test('registering claims a name', async (t) => {
  const chat = await startChat(t)
  const { status, body } = await chat.post('/register', { username: 'alice' })
  t.equal(status, 200)
  t.match(body, { status: 'success', username: 'alice', token: /^[\w-]{43}$/ })
  t.same(await chat.online(), ['alice'])
  await fails(t, chat.post('/register', { username: 'ALICE' }), 409, 'username_taken')
})

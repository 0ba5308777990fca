import t from 'tap'
import { asFirst, fails, startChat } from './support/chat.js'

void t.test('a direct message is polled by its recipient alone', async (t) => {
  const chat = await startChat(t)
  for (const name of ['alice', 'bob', 'carol']) await chat.register(name)
  t.equal(await chat.send('alice', 'bob', 'hi'), 1)
  t.same(await chat.texts('bob'), ['hi'])
  t.same(await chat.texts('alice'), [])
  t.same(await chat.texts('carol'), [])
  const { messages, last_id, has_more } = await chat.poll('bob')
  t.match(messages, [{ id: 1, sender: 'alice', recipient: 'bob', message: 'hi', sent_at: /^\d{4}-.*\.\d{3}Z$/ }])
  t.match({ last_id, has_more }, { last_id: 1, has_more: false })
})

void t.test('one may write to oneself', async (t) => {
  const chat = await startChat(t)
  await chat.register('alice')
  await chat.send('alice', 'Alice', 'a note')
  t.same(await chat.texts('alice'), ['a note'])
})

void t.test('ids have no gaps, also when sends fail in between', async (t) => {
  const chat = await startChat(t)
  await chat.register('alice')
  const sends = Array.from({ length: 100 }, (_, i) =>
    chat.post('/send', { sender: 'alice', recipient: i % 3 ? 'alice' : 'nobody', message: String(i) }),
  )
  const ids = (await Promise.all(sends)).flatMap(({ body }) => body['message_id'] ?? [])
  t.same(
    ids.toSorted((a, b) => Number(a) - Number(b)),
    Array.from({ length: 66 }, (_, i) => i + 1),
  )
})

void t.test('an account that is away finds its messages later; a guest who is gone gets none', async (t) => {
  const chat = await startChat(t)
  const password = 'long enough'
  await chat.register('alice')
  await chat.logout('bob', await chat.register('bob', password))
  await chat.send('alice', 'bob', 'for later')
  const { body } = await chat.post('/login', { username: 'bob', password })
  t.same(await chat.texts('bob', 0, String(body['token'])), ['for later'])
  await chat.register('guest')
  await chat.logout('guest')
  await fails(t, chat.post('/send', { sender: 'alice', recipient: 'guest', message: 'hi' }), 404, 'user_not_found')
})

void t.test('a recipient that is not there is named', async (t) => {
  const chat = await startChat(t)
  await chat.register('alice')
  const to = (recipient: string) => chat.post('/send', { sender: 'alice', recipient, message: 'hi' })
  t.match(await fails(t, to('nobody'), 404, 'user_not_found'), { message: /"nobody"/ })
  t.match(await fails(t, to('room_7'), 404, 'room_not_found'), { message: /"room_7"/ })
  await fails(t, to('room_x'), 404, 'room_not_found')
  await fails(t, to('server'), 404, 'user_not_found')
  await fails(t, chat.post('/send', { sender: 'nobody', recipient: 'alice', message: 'hi' }), 404, 'user_not_found')
  await fails(t, chat.get('/messages', { username: 'nobody' }), 404, 'user_not_found')
  await fails(t, chat.post('/logout', { username: 'nobody' }), 404, 'user_not_found')
})

void t.test('a text comes back as it was sent', async (t) => {
  const chat = await startChat(t)
  await chat.register('alice')
  const texts = ['"quoted" \\ back', 'two\nlines\tand a tab', 'Zoë 李小龙 👩‍👩‍👧 \u2028', '</script>', '💬'.repeat(4000)]
  for (const text of texts) await chat.send('alice', 'alice', text)
  t.same(await chat.texts('alice'), texts)
})

void t.test('a text that does not fit is refused, and nothing is sent', async (t) => {
  const chat = await startChat(t)
  await chat.register('alice')
  for (const message of [
    '',
    ' ',
    '\n\t ',
    '\u200b\u200d',
    '\u0000',
    'bell\u0007',
    'cr\r\n',
    '\u0085',
    'x'.repeat(4001),
    'a\ud800b',
    '\udc00',
  ]) {
    const failure = await fails(
      t,
      chat.post('/send', { sender: 'alice', recipient: 'alice', message }),
      400,
      'invalid_request',
    )
    t.match(failure.details, [{ path: '/body/message' }])
  }
  t.same(await chat.texts('alice'), [])
})

void t.test('a repeat with the same client_id answers what the first one did', async (t) => {
  const chat = await startChat(t)
  await chat.register('alice')
  await chat.register('bob')
  const said = { sender: 'alice', recipient: 'bob', message: 'once', client_id: 'c-1' }
  const answers = await Promise.all([chat.post('/send', said), chat.post('/send', said)])
  answers.push(await chat.post('/send', { ...said, recipient: 'BOB' }))
  t.equal(answers[0]?.body['client_id'], 'c-1')
  const [first] = answers.map(asFirst)
  for (const answer of answers) t.same(asFirst(answer), first)
  t.same(await chat.texts('bob'), ['once'])
  await fails(t, chat.post('/send', { ...said, message: 'twice' }), 409, 'client_id_reused')
  await fails(t, chat.post('/send', { ...said, recipient: 'alice' }), 409, 'client_id_reused')
  t.equal((await chat.post('/send', { ...said, sender: 'bob' })).body['message_id'], 2, "it is the user's own")
  await chat.logout('bob')
  t.same(asFirst(await chat.post('/send', said)), first, 'also when the recipient is gone')
})

void t.test('the client_id comes back to its sender alone', async (t) => {
  const chat = await startChat(t)
  for (const name of ['alice', 'bob']) await chat.register(name)
  const room = await chat.createRoom('alice', ['bob'])
  for (const client_id of ['"1"', '2'])
    await chat.post('/send', { sender: 'alice', recipient: room, message: client_id, client_id })
  await chat.send('alice', room, 'plain')
  await chat.post('/send', { sender: 'bob', recipient: room, message: 'mine', client_id: '3' })
  const idsFor = async (name: string) => (await chat.poll(name)).messages.map(({ client_id }) => client_id)
  t.same(await idsFor('alice'), [undefined, '"1"', '2', undefined, undefined])
  t.same(await idsFor('bob'), [undefined, undefined, undefined, undefined, '3'])
})

void t.test("another holder of a name sees nothing that was the last one's", async (t) => {
  const chat = await startChat(t)
  for (const name of ['alice', 'bob']) await chat.register(name)
  const room = await chat.createRoom('bob', ['alice'])
  await chat.post('/send', { sender: 'alice', recipient: room, message: 'hi', client_id: 'mine' })
  await chat.send('bob', 'alice', 'secret')
  await chat.logout('alice')
  await chat.register('alice')
  t.same(await chat.texts('alice'), [])
  const { body } = await chat.post('/send', { sender: 'alice', recipient: 'bob', message: 'new', client_id: 'mine' })
  t.equal(body['status'], 'success')
  const old = (await chat.poll('bob')).messages.find(({ message }) => message === 'hi')
  t.equal(old?.client_id, undefined)
})

void t.test('only so many client_ids are remembered', async (t) => {
  const chat = await startChat(t, { CHATROOM_IDEMPOTENCY_KEYS: 2 })
  await chat.register('alice')
  const send = async (client_id: string) =>
    (await chat.post('/send', { sender: 'alice', recipient: 'alice', message: 'x', client_id })).body['message_id']
  t.same([await send('a'), await send('b'), await send('a')], [1, 2, 1])
  t.same([await send('c'), await send('b')], [3, 2], 'the last two, at least')
  t.same([await send('d'), await send('e'), await send('a')], [4, 5, 6], 'the first is forgotten')
})

void t.test('messages are polled in pages, oldest first', async (t) => {
  const chat = await startChat(t)
  for (const name of ['alice', 'bob']) await chat.register(name)
  const rooms = [await chat.createRoom('alice', ['bob']), await chat.createRoom('bob', ['alice'])]
  for (let i = 0; i < 50; i++) await chat.send('alice', i % 3 === 0 ? 'bob' : (rooms[i % 2] ?? ''), String(i))
  const seen: number[] = []
  let lastId = 0
  for (let more = true; more;) {
    const page = await chat.poll('bob', lastId, { limit: 7 })
    t.ok(page.messages.length <= 7)
    t.equal(page.last_id, page.messages.at(-1)?.id)
    seen.push(...page.messages.map(({ id }) => id))
    lastId = page.last_id
    more = page.has_more
  }
  t.same(
    seen,
    Array.from({ length: 52 }, (_, i) => i + 1),
  )
  t.match(await chat.poll('bob', lastId), { messages: [], last_id: lastId, has_more: false })
})

void t.test('a poll answers a thousand unless it asks for fewer', async (t) => {
  const chat = await startChat(t)
  await chat.register('alice')
  await Promise.all(Array.from({ length: 1001 }, (_, i) => chat.send('alice', 'alice', String(i))))
  const page = await chat.poll('alice')
  t.equal(page.messages.length, 1000)
  t.equal(page.has_more, true)
  t.equal((await chat.poll('alice', 1000)).messages.length, 1)
})

void t.test('a page of large messages ends before it has a megabyte, and says that there are more', async (t) => {
  const chat = await startChat(t)
  await chat.register('alice')
  const text = '💬'.repeat(4000)
  for (let i = 0; i < 80; i++) await chat.send('alice', 'alice', text)
  const first = await chat.poll('alice')
  t.ok(first.messages.length > 50 && first.messages.length < 70, `${first.messages.length} messages`)
  t.match(first, { last_id: first.messages.length, has_more: true })
  t.match(await chat.poll('alice', first.last_id), { last_id: 80, has_more: false })
})

void t.test('when the memory for messages is full, the oldest are forgotten', async (t) => {
  const chat = await startChat(t, { CHATROOM_MESSAGE_MEMORY: 2 })
  for (const name of ['alice', 'bob']) await chat.register(name)
  const text = 'x'.repeat(4000)
  await chat.send('bob', 'bob', 'rare')
  for (let i = 0; i < 800; i++) await chat.send('alice', i % 2 ? 'alice' : 'bob', `${i} ${text.slice(10)}`)
  const { messages, last_id } = await chat.poll('alice')
  t.equal(last_id, 801)
  t.ok(messages.length >= 127 && messages.length <= 256, `${messages.length} are left`)
  t.same(await chat.texts('bob', 799), [`798 ${text.slice(10)}`])
  t.notOk((await chat.texts('bob')).includes('rare'))
})

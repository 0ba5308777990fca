import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Test } from 'tap'
import { errorCodes, errors } from '../../schemas/errors.js'
import { ChatRoomError } from '../../src/client/index.js'
import { refusalOf } from '../../src/client/chatroom-error.js'
import { clientContract } from '../../src/tools/client-contract.js'
import { root } from '../clients/run-bin.js'
import { clientAt, registered } from '../support/chat-client.js'
import { Gateway } from '../support/gateway.js'
import { startLiveChat } from '../support/live-chat.js'

interface Document {
  readonly paths: Record<string, Record<string, { readonly operationId: string }>>
}

const read = (file: string) => readFile(join(root, file), 'utf8')

/** The operations of the contract as methods. */
export async function operations(t: Test): Promise<void> {
  await t.test('what the client has from the contract is up to date; `npm run openapi` writes it', async (t) => {
    const files = await clientContract(await read('openapi/openapi.json'))
    for (const [name, text] of Object.entries(files))
      t.ok((await read(`src/client/contract/${name}`)) === text, `src/client/contract/${name}`)
  })

  await t.test('each operation is a method by its name, and listening is connect', async (t) => {
    const { paths } = JSON.parse(await read('openapi/openapi.json')) as Document
    const names = Object.values(paths).flatMap((methods) => Object.values(methods).map((one) => one.operationId))
    t.ok(names.includes('sendMessage'))
    const client = clientAt('http://127.0.0.1:1') as unknown as Record<string, unknown>
    for (const name of names) t.type(client[name === 'connectLive' ? 'connect' : name], 'function', name)
  })

  await t.test('a failure is temporary as the catalogue says', (t) => {
    for (const code of errorCodes)
      t.match(refusalOf({ code, message: 'No.' }), { temporary: errors[code].retry, status: errors[code].status }, code)
    t.end()
  })

  await t.test('who has registered acts by all methods', async (t) => {
    const { url } = await startLiveChat(t, { CHATROOM_AUTH: 'token' })
    const alice = await registered(url, 'alice')
    const bob = await registered(url, 'bob')
    t.equal(alice.username, 'alice')
    t.match(alice.token, /^[\w-]{43}$/)
    t.same((await alice.listOnlineUsers({ prefix: 'b' })).online_users, ['bob'])
    t.match(await alice.sendMessage({ recipient: 'bob', message: 'Hello' }), { message_id: 1, sent_at: /Z$/ })
    t.match((await bob.pollMessages()).messages, [{ id: 1, sender: 'alice', message: 'Hello' }])
    t.same((await bob.pollMessages({ last_id: 1 })).messages, [])
    const { room_id } = await alice.createRoom({ participants: ['bob'] })
    t.match(await bob.sendTyping({ recipient: room_id }), { status: 'success' })
    t.match(await bob.leaveRoom({ room_id }), { message: /room/ })
    t.match(await bob.getAnnouncement(), { status: 'success', announcement: String })
    t.match(await bob.streamEvents({ wait: 0 }), { events: [{ type: 'hello', username: 'bob' }] })
    await bob.logout()
    t.equal(bob.username, undefined)
    t.equal(bob.token, undefined)
    t.same((await alice.listOnlineUsers()).online_users, ['alice'])
  })

  await t.test('a session is kept only where that is wanted, and a call may use another token', async (t) => {
    const operator = 'the operator of this server'.replaceAll(' ', '-')
    const { url } = await startLiveChat(t, { CHATROOM_AUTH: 'token', CHATROOM_OPERATOR_TOKEN: operator })
    const client = clientAt(url, { keepSession: false })
    const { token } = await client.register({ username: 'alice' })
    t.equal(client.username, undefined)
    t.equal(client.token, undefined)
    await t.rejects(client.listOnlineUsers(), { code: 'token_required', status: 401 })
    t.same((await client.listOnlineUsers({}, { token })).online_users, ['alice'])
    const known = clientAt(url, { username: 'alice', token })
    t.match(await known.pollMessages(), { messages: [] })
    await t.rejects(known.setAnnouncement({ announcement: 'News!' }), { code: 'operator_required' })
  })

  await t.test('a failure says what, where, and whether and when to try again', async (t) => {
    const { url } = await startLiveChat(t, { CHATROOM_RATE_LIMIT: 4 })
    const client = await registered(url, 'alice')
    const refused = client.sendMessage({ recipient: 'bob', message: ' ' })
    await t.rejects(refused, {
      name: 'ChatRoomError',
      code: 'invalid_request',
      status: 400,
      details: [{ path: '/body/message', message: /blank/ }],
      temporary: false,
      retryAfter: undefined,
    })
    await t.rejects(refused, ChatRoomError)
    await t.rejects(client.sendMessage({ recipient: 'bob', message: 'Hello' }), { code: 'user_not_found', status: 404 })
    const tooMany = { code: 'rate_limited', status: 429, temporary: true, retryAfter: Number }
    t.ok(await client.pollMessages())
    await t.rejects(client.pollMessages(), tooMany)
  })

  await t.test('no answer, and an answer of something else, are failures of their own', async (t) => {
    const { url } = await startLiveChat(t)
    const gateway = await Gateway.start(t, url)
    const client = clientAt(gateway.url)
    for (const status of [200, 404, 502]) {
      gateway.answers = () => ({ status, headers: { 'content-type': 'text/html' }, body: '<h1>Welcome</h1>' })
      const temporary = status !== 404
      await t.rejects(client.getHealth(), { code: 'unexpected_answer', temporary }, `an answer ${status} in HTML`)
    }
    gateway.answers = () => undefined
    gateway.loses = () => true
    await t.rejects(client.getHealth(), { code: 'unreachable', status: 0, temporary: true, cause: Error })
    await t.rejects(client.getHealth({}, { signal: AbortSignal.abort(new Error('enough')) }), { message: 'enough' })
  })

  await t.test('without a URL, or without a transport, there is no client', (t) => {
    t.throws(() => clientAt('nowhere'), TypeError)
    t.throws(() => clientAt('http://127.0.0.1', { transports: [] }), TypeError)
    t.end()
  })
}

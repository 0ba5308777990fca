import t, { type Test } from 'tap'
import type { ErrorCode } from '../schemas/errors.js'
import { clientFrameSchemas } from '../schemas/frames.js'
import { whoMay, type Act, type Relation } from '../src/chat/who-may.js'
import type { Answer, Chat } from './support/chat.js'
import { document } from './support/documents.js'
import { startLiveChat } from './support/live-chat.js'
import { openWebSocket } from './support/listener.js'
import { stateOf } from './support/open-chat.js'
import { folderOf } from './support/test-folder.js'
import {
  bobsMessage,
  callers,
  frames,
  operations,
  password,
  relationsOf,
  room,
  type CallerName,
  type Way,
} from './support/walk.js'

/** Everything that can be asked is asked by everybody, with every kind of credentials that there is. */

const operator = 'the-operator-of-these-tests'
const day = 86_400_000
const modes = ['open', 'token'] as const
type Auth = (typeof modes)[number]

/** How somebody is refused who may not, as far as they are told. */
const refusals: ReadonlySet<unknown> = new Set<ErrorCode>([
  'token_required',
  'invalid_token',
  'operator_required',
  'not_your_name',
  'not_allowed',
  'not_a_member',
  'room_not_found',
  'user_not_found',
  'message_not_found',
])

const nothing = async (_chat: Chat): Promise<void> => undefined

interface World {
  readonly chat: Chat
  readonly url: string
  readonly tokens: Readonly<Record<CallerName, string>>
}

/** What the caller shows, and what it calls itself. */
interface Shown {
  /** The header, if there is one. */
  readonly authorization?: string
  readonly name?: string
}

const bearer = (token: string): string => `Bearer ${token}`

/** A room of alice and bob, in which bob has said something; carol, who is in none; all of them guests. */
async function startWorld(t: Test, auth: Auth, now = Date.now, first = nothing): Promise<World> {
  const { chat, url } = await startLiveChat(
    t,
    {
      CHATROOM_AUTH: auth,
      CHATROOM_OPERATOR_TOKEN: operator,
      CHATROOM_ANNOUNCEMENT: `${folderOf(t)}/announcement.txt`,
    },
    { now },
  )
  await first(chat)
  const [alice, bob, carol] = [await chat.register('alice'), await chat.register('bob'), await chat.register('carol')]
  await chat.createRoom('alice', ['bob'], alice)
  const id = await chat.send('bob', room, 'Hello from bob', bob)
  t.equal(id, bobsMessage)
  return { chat, url, tokens: { alice, bob, carol, operator } }
}

/** Tokens that were good once, and what never was one. */
async function startBadWorld(t: Test, auth: Auth) {
  const time = { now: Date.UTC(2026, 0) }
  let [expired, revoked] = ['', '']
  const world = await startWorld(
    t,
    auth,
    () => time.now,
    async (chat) => {
      // Such a leap would be held for a fault of the clock, if the walk takes longer than the pause until that is looked at.
      chat.app.chat['clock'].stop()
      expired = await chat.register('erin', password)
      time.now += 31 * day
      await chat.register('dora', password)
      revoked = String((await chat.post('/login', { username: 'dora', password })).body['token'])
      await chat.logout('dora', revoked)
    },
  )
  const bad: Record<string, [string, ErrorCode]> = {
    expired: [bearer(expired), 'token_expired'],
    revoked: [bearer(revoked), 'invalid_token'],
    unknown: [bearer('x'.repeat(43)), 'invalid_token'],
    'no token': ['Bearer', 'invalid_token'],
    'two tokens': [bearer(`${revoked} ${revoked}`), 'invalid_token'],
    'a long one': [bearer('x'.repeat(8000)), 'invalid_token'],
  }
  return { world, bad }
}

const requestOf = ({ method = 'GET', url = '/', query = {}, body, named }: Way, { authorization, name }: Shown) => {
  const said = named && name !== undefined ? { [named[1]]: name } : {}
  return {
    method,
    url,
    query: { ...query, ...(named?.[0] === 'query' && said) },
    ...(body && { payload: { ...body, ...(named?.[0] === 'body' && said) } }),
    headers: authorization === undefined ? {} : { authorization },
  }
}

/** Does it. @returns the code of a failure; undefined if it has succeeded */
async function attempt(t: Test, { chat, url }: World, way: Way, shown: Shown): Promise<string | undefined> {
  if (way.url === '/ws') return attemptToListen(t, url, shown)
  return codeOf(await chat.request(requestOf(way, shown)))
}

const codeOf = ({ status, body }: Pick<Answer, 'status' | 'body'>): string | undefined =>
  status < 300 ? undefined : String(body['code'])

async function attemptToListen(t: Test, url: string, { authorization, name }: Shown): Promise<string | undefined> {
  const headers = authorization === undefined ? {} : { authorization }
  const { listener } = openWebSocket(t, url, { username: name }, { headers })
  try {
    await listener.next('hello')
    return undefined
  } catch {
    return listener.end?.reason
  } finally {
    listener.close()
  }
}

/** What is kept, but for when it was. */
const factsOf = ({ chat }: World): unknown =>
  JSON.parse(
    JSON.stringify(stateOf(chat.app.chat).facts, (key, value: unknown) =>
      ['position', 'time', 'seen_at', 'seen_in', 'used_at', 'used_in'].includes(key) ? undefined : value,
    ),
  )

const described = Object.values(document.paths).flatMap((methods) => Object.values(methods))

const isPublic = (id: string): boolean => securityOf(id).length === 0

const securityOf = (id: string): readonly object[] =>
  described.find(({ operationId }) => operationId === id)?.security ?? []

/** Whether it can be asked by name alone, as the document of an open server says. */
const takesNames = (id: string): boolean => securityOf(id).some((one) => Object.keys(one).length === 0)

/** Where all are asked who they are, anybody is any user. */
const allows = ({ act }: Way, relations: readonly Relation[]): boolean =>
  act === undefined || relations.some((one) => isIn(act, one) || (one === 'user' && isIn(act, 'anybody')))

const isIn = (act: Act, relation: Relation): boolean => (whoMay[act] as readonly Relation[]).includes(relation)

void t.test('every operation and every frame is tried, and with them every act', async (t) => {
  t.same(Object.keys(operations).sort(), described.map(({ operationId = '' }) => operationId).sort())
  t.same(Object.keys(frames).sort(), clientFrameSchemas.map(({ properties }) => properties.type.const).sort())
  const tried = new Set([...Object.values(operations), ...Object.values(frames)].map(({ act }) => act))
  t.same(
    Object.keys(whoMay).filter((act) => !tried.has(act as never)),
    [],
    'each row of the table',
  )
})

for (const auth of modes) {
  void t.test(`${auth} mode: who may not is refused, and nothing has changed`, async (t) => {
    const { world, bad } = await startBadWorld(t, auth)
    const before = factsOf(world)
    for (const [id, way] of Object.entries(operations)) {
      if (isPublic(id)) continue
      const isOperators = way.act !== undefined && isIn(way.act, 'operator')
      for (const [kind, [authorization, code]] of Object.entries(bad)) {
        const got = await attempt(t, world, way, { authorization, name: 'bob' })
        t.equal(got, isOperators ? 'operator_required' : code, `${id}: a token that is ${kind}`)
      }
      const nobody = auth === 'open' && way.named === undefined && takesNames(id)
      if (!nobody)
        t.match(await attempt(t, world, way, {}), /^(token|operator)_required$/, `${id}: without credentials`)
      if (auth === 'token') t.match(await attempt(t, world, way, { name: 'bob' }), /^(token|operator)_required$/)
      for (const caller of callers) {
        const authorization = bearer(world.tokens[caller])
        if (way.named && caller !== 'bob')
          t.match(await attempt(t, world, way, { authorization, name: 'bob' }), /^(not_your_name|invalid_token)$/)
        if (allows(way, relationsOf(way, caller))) continue
        const got = await attempt(t, world, way, { authorization })
        t.ok(refusals.has(got), `${id}: ${caller} is refused, by ${got}`)
        // As in open mode it could be done by name.
        if (auth === 'open' && way.named && takesNames(id) && caller !== 'operator')
          t.ok(refusals.has(await attempt(t, world, way, { name: caller })))
      }
    }
    t.same(factsOf(world), before)
  })

  void t.test(`${auth} mode: what is for anybody asks for no token, and takes any`, async (t) => {
    const { world, bad } = await startBadWorld(t, auth)
    for (const [id, way] of Object.entries(operations).filter(([id]) => isPublic(id)))
      for (const shown of [{}, ...Object.values(bad).map(([authorization]) => ({ authorization }))]) {
        const code = await attempt(t, world, way, shown)
        t.notOk(refusals.has(code), `${id}: ${JSON.stringify(shown)} is not refused, but ${code}`)
      }
  })

  void t.test(`${auth} mode: who may is let in`, async (t) => {
    for (const [id, way] of Object.entries(operations))
      for (const caller of callers) {
        if (isPublic(id) || !allows(way, relationsOf(way, caller))) continue
        await t.test(`${id}: ${caller}`, async (t) => {
          const world = await startWorld(t, auth)
          t.equal(await attempt(t, world, way, { authorization: bearer(world.tokens[caller]) }), way.outcome)
        })
        if (auth === 'open' && caller !== 'operator' && takesNames(id))
          await t.test(`${id}: ${caller}, by name`, async (t) => {
            t.equal(await attempt(t, await startWorld(t, auth), way, { name: caller }), way.outcome)
          })
      }
  })

  void t.test(`${auth} mode: frames are held to the same`, async (t) => {
    const world = await startWorld(t, auth)
    for (const caller of callers.filter((one) => one !== 'operator')) {
      const { webSocket, listener, answer } = openWebSocket(t, world.url, { token: world.tokens[caller] })
      await listener.next('hello')
      for (const [type, way] of Object.entries(frames)) {
        webSocket.send(JSON.stringify({ type, ...way.body }))
        const said = await answer()
        if (allows(way, relationsOf(way, caller))) t.equal(said['type'], 'ack', `${type}: ${caller}`)
        else t.ok(refusals.has(said['code']), `${type}: ${caller} is refused`)
      }
      listener.close()
    }
  })
}

import { roomOfCarol } from './fill.js'
import { compare, race, runner } from './race.js'
import { get } from './requests.js'
import type { Scope } from './scope.js'
import { startBare, startFilled } from './servers.js'
import type { Row } from './table.js'

const messages = 20_000
const conversations = 20
/** A page from the middle. */
const query = `last_id=${messages / 2}&limit=100`

/** A page of 100 messages, against the same page serialised from objects by fast-json-stringify. */
export async function page(scope: Scope): Promise<Row[]> {
  const alone = await startFilled(scope, messages, 1)
  const among = await startFilled(scope, messages, conversations)
  const bare = await startBare(scope)
  const results = await race('page', [
    await runner(scope, 'objects', bare, get(`/page?username=bob&${query}`)),
    await runner(scope, 'joined', bare, get(`/joined?username=bob&${query}`)),
    await runner(scope, 'alone', alone, get(`/messages?username=bob&${query}`)),
    await runner(scope, 'room', among, get(`/messages?username=carol&${query}`)),
    await runner(scope, 'merged', among, get(`/messages?username=bob&${query}`)),
  ])
  const row = (compared: string, name: string): Row => ({
    part: 'page',
    compared: `page of 100, ${compared} : objects by fast-json-stringify, bare Fastify route`,
    goal: '>= 2',
    ...compare(results, name, 'objects'),
  })
  return [
    row('joined from bytes in a bare Fastify route', 'joined'),
    row('the whole stack, a conversation alone in the log', 'alone'),
    row(`the whole stack, ${roomOfCarol} among ${conversations} conversations`, 'room'),
    row('the whole stack, an inbox and three rooms merged', 'merged'),
  ]
}

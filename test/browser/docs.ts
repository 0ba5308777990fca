import { networkInterfaces } from 'node:os'
import type { Browser } from 'playwright-core'
import type { Test } from 'tap'
import { documentValidator, type Document } from '../support/contract.js'
import { newPage } from '../support/browser.js'
import { startServer } from '../support/server.js'
import { DocsPage } from './docs-page.js'

/** What is needed here of an operation in the published document. */
interface Operation {
  readonly requestBody?: { readonly content: Record<string, { readonly schema: { readonly $ref: string } }> }
}

const password = 'correct horse battery staple'

/** What a reader of `/docs` sees, and what happens when they try it. */
export async function docs(t: Test, browser: Browser): Promise<void> {
  const { url } = await startServer(t, { HOST: '0.0.0.0' })
  const document = (await (await fetch(`${url}/openapi.json`)).json()) as Document
  const read = async (t: Test, server = url) => DocsPage.open(await newPage(t, browser), server)

  await t.test('every operation is shown and can be tried, by whatever name the server is reached', async (t) => {
    // Plain HTTP to what is not the loopback is what a browser would send to HTTPS, if the page asked for it.
    for (const host of ['127.0.0.1', 'chat.test', ...ownAddress()]) {
      const server = `http://${host}:${new URL(url).port}`
      const docs = await read(t, server)
      t.same((await docs.operations()).sort(), Object.keys(operationsOf(document)).sort(), `${host} shows each`)
      t.match(await docs.execute('GET /health'), { status: '200', body: { status: 'success' } })
      t.same([...new Set(docs.loaded.map((address) => new URL(address).origin))], [server], 'all comes from there')
      t.same(docs.complaints, [], 'the browser has nothing to complain of')
    }
  })

  await t.test('every body that is filled in fits its schema', async (t) => {
    const validate = documentValidator(document)
    const docs = await read(t)
    for (const [name, { requestBody }] of Object.entries(operationsOf(document))) {
      const schema = requestBody?.content['application/json']?.schema
      if (schema) t.equal(validate(schema.$ref, await docs.body(name)), undefined, name)
    }
  })

  await t.test('what is filled in works from the top to the bottom, on a new server', async (t) => {
    const docs = await read(t, (await startServer(t)).url)
    const operations = await docs.operations()
    t.equal(operations.at(-1), 'POST /logout')
    // A WebSocket is no request, the operator is somebody else, and nobody knows beforehand what a session is named.
    const others = { 'GET /ws': '426', 'PUT /announcement': '401', 'DELETE /sessions/{session_id}': '404' }
    for (const name of operations) {
      const { status } = await docs.execute(name)
      t.equal(status, others[name as keyof typeof others] ?? '200', name)
    }
  })

  await t.test('the queries that are filled in leave nothing out', async (t) => {
    const docs = await read(t)
    await docs.fillBody('POST /register', { username: 'zoe' })
    await docs.execute('POST /register')
    await docs.fillBody('POST /send', { sender: 'zoe', recipient: 'zoe', message: 'A note to myself' })
    await docs.execute('POST /send')
    t.ok(((await docs.execute('GET /online')).body['online_users'] as string[]).includes('zoe'))
    await docs.fillParameter('GET /messages', 'username', 'zoe')
    t.match((await docs.execute('GET /messages')).body, { messages: [{ message: 'A note to myself' }] })
  })

  await t.test('Authorize makes Swagger UI act as an account', async (t) => {
    const docs = await read(t)
    await docs.fillBody('POST /register', { username: 'carol', password })
    const { body } = await docs.execute('POST /register')
    await docs.fillBody('POST /send', { sender: 'carol', recipient: 'carol', message: 'A note to myself' })
    t.match(
      await docs.execute('POST /send'),
      { status: '200', body: { status: 'success' } },
      'as the one who registered',
    )
    await docs.fillBody('POST /register', { username: 'dora' })
    await docs.execute('POST /register')
    t.match(await docs.execute('POST /send'), { status: '403', body: { code: 'not_your_name' } })
    await docs.authorize(String(body['token']))
    t.match(await docs.execute('POST /send'), { status: '200', body: { status: 'success' } })
  })
}

/** The operations of a document by method and path. */
function operationsOf({ paths }: Document): Record<string, Operation> {
  const named = ([path, methods]: [string, object]) =>
    Object.entries(methods).map(([method, operation]) => [`${method.toUpperCase()} ${path}`, operation as Operation])
  return Object.fromEntries(Object.entries(paths).flatMap(named)) as Record<string, Operation>
}

/** An address of this machine that others reach it by, if it has one. */
const ownAddress = (): string[] =>
  Object.values(networkInterfaces())
    .flatMap((addresses = []) => addresses)
    .filter(({ family, internal }) => family === 'IPv4' && !internal)
    .map(({ address }) => address)
    .slice(0, 1)

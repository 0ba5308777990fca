import t from 'tap'
import { startServer } from './support/server.js'

void t.test('the server has its client as one module, which a page of any origin may import and keep', async (t) => {
  const { url } = await startServer(t)
  const ask = (headers: Record<string, string> = {}, method = 'GET') => fetch(`${url}/client.js`, { headers, method })
  const first = await ask({ origin: 'https://app.example' })
  t.equal(first.status, 200)
  const { etag = '', ...headers } = Object.fromEntries(first.headers)
  t.match(headers, {
    'content-type': 'text/javascript; charset=utf-8',
    'content-encoding': 'gzip',
    'cache-control': 'no-cache',
    'access-control-allow-origin': '*',
    'x-content-type-options': 'nosniff',
  })
  const code = await first.text()
  t.notMatch(code, /\bimport\b[^.(]/, 'it needs no other module')
  const { ChatClient } = (await import(`data:text/javascript,${encodeURIComponent(code)}`)) as Record<string, unknown>
  t.type(ChatClient, 'function')
  for (const known of [etag, `"other", ${etag}`, etag.replace('W/', ''), '*']) {
    const again = await ask({ 'if-none-match': known })
    t.match([again.status, await again.text(), again.headers.get('etag')], [304, '', etag], known)
  }
  t.equal((await ask({ 'if-none-match': 'W/"other"' })).status, 200)
  t.match(await ask({}, 'HEAD'), { status: 200 })
  t.equal((await ask({}, 'POST')).headers.get('allow'), 'GET, HEAD, OPTIONS')
})

void t.test('what has not been built is not found, and the answer says what makes it', async (t) => {
  const { url } = await startServer(t)
  const answer = await fetch(`${url}/client.d.ts`)
  t.equal(answer.status, 404)
  t.match(await answer.json(), { code: 'not_found', message: /npm run build/ })
})

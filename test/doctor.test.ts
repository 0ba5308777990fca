import t, { type Test } from 'tap'
import { examine } from '../src/doctor/examine.js'
import { configurations, proxies, type Proxy } from '../src/doctor/remedies.js'
import { Target } from '../src/doctor/target.js'
import { chatroom, type Said } from './support/cli.js'
import { sayMissing } from './support/missing.js'
import { missingProxy, startProxy } from './support/proxies.js'
import { startServer } from './support/server.js'

const quick = { poll: 4, silence: 4 }

const portOf = (url: string): number => Number(new URL(url).port)

/** What it finds bad, as `Check: remedy`. */
async function badAt(url: string): Promise<string[]> {
  const bad: string[] = []
  await examine(new Target(new URL(url)), quick, ({ name, findings }) => {
    for (const { level, remedy, said } of findings) if (level === 'bad') bad.push(`${name}: ${remedy ?? said}`)
  })
  return bad.sort()
}

void t.test('nothing is wrong with a server that is reached without a proxy', async (t) => {
  const { url } = await startServer(t)
  t.same(await badAt(url), [])
  const online = (await (await fetch(`${url}/online`)).json()) as { online_users: string[] }
  t.same(online.online_users, [], 'and its guests are gone')
})

void t.test('a server that believes everybody is told', async (t) => {
  const { url } = await startServer(t, { CHATROOM_TRUST_PROXY: 'true' })
  t.same(await badAt(url), ['Addresses: address'])
})

void t.test('what is no ChatRoom, and what is not there, is told in a line, with the exit code 1', async (t) => {
  const { url } = await startServer(t)
  const elsewhere = await chatroom('x', ['doctor', `${url}/nowhere`])
  t.match(elsewhere, {
    code: 1,
    out: /BAD +HTTP: .*answers 404.*Is the URL, with its prefix, right\?\n1 thing is wrong\.\n$/,
  })
  const nobody = await chatroom('x', ['doctor', 'http://127.0.0.1:9/'])
  t.match(nobody, { code: 1, out: /BAD +HTTP: It failed: .*ECONNREFUSED/ })
  t.match(await chatroom('x', ['doctor', 'chat.example']), { code: 2, error: /no URL that begins with http/ })
  t.match(await chatroom('x', ['doctor']), { code: 2, error: /URL is missing/ })
})

type Configure = (listen: number, port: number) => string

const bareNginx: Configure = (listen, port) =>
  `server { listen ${listen}; location / { proxy_pass http://127.0.0.1:${port}; } }`

/** What mends it. */
const lines = [
  'proxy_set_header Upgrade $http_upgrade;',
  'proxy_set_header X-Forwarded-For $remote_addr;',
  'CHATROOM_TRUST_PROXY=',
]

/** Configurations as one writes them first, or copies them from elsewhere, and what is bad about them. */
const careless: readonly [Proxy, string, Configure, readonly string[]][] = [
  ['nginx', 'without a word on WebSockets', bareNginx, ['Addresses: address', 'WebSocket: upgrade']],
  [
    'nginx',
    'with little patience, and a compression that waits',
    (
      listen,
      port,
    ) => `server { listen ${listen}; location / { proxy_pass http://127.0.0.1:${port}; proxy_http_version 1.1;
      proxy_set_header Upgrade $http_upgrade; proxy_set_header Connection upgrade; proxy_set_header Host $http_host;
      proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for; proxy_read_timeout 2s;
      proxy_hide_header Cache-Control; gzip on; gzip_types text/event-stream; gzip_proxied any; } }`,
    ['Addresses: address', 'Long poll: patience', 'Server-Sent Events: buffering', 'WebSocket: patience'],
  ],
  [
    'HAProxy',
    'with little patience',
    (listen, port) => `listen chat
    bind :${listen}
    mode http
    timeout connect 1s
    timeout client 2s
    timeout server 2s
    server one 127.0.0.1:${port}
`,
    ['Addresses: address', 'Long poll: patience', 'Server-Sent Events: patience', 'WebSocket: patience'],
  ],
  [
    'Caddy',
    'with a prefix that it strips',
    (listen, port) => `:${listen} {
  handle_path /chat/* {
    reverse_proxy 127.0.0.1:${port}
  }
}
`,
    ['Addresses: address'],
  ],
]

for (const [proxy, what, configure, expected] of careless) {
  const missing = missingProxy(proxy)
  if (missing !== undefined) sayMissing(t, missing)
  else
    void t.test(`${proxy} ${what}: it says what is bad`, async (t) => {
      const server = await startServer(t)
      const port = await startProxy(t, proxy, configure, portOf(server.url))
      const path = proxy === 'Caddy' ? '/chat/' : '/'
      t.same(await badAt(`http://127.0.0.1:${port}${path}`), expected)
    })
}

const installed = proxies.filter((proxy) => missingProxy(proxy) === undefined)

/** Tries a server through a proxy, as long as that takes for a person. */
async function throughProxy(t: Test, proxy: Proxy, configure: Configure, settings = {}): Promise<Said> {
  const server = await startServer(t, settings)
  const port = await startProxy(t, proxy, configure, portOf(server.url))
  return chatroom('x', ['doctor', `http://127.0.0.1:${port}/`])
}

void t.test('it prints the lines with which nothing is wrong, through silence and long polls', async (t) => {
  const [printed, ...cured] = await Promise.all([
    installed.includes('nginx') ? throughProxy(t, 'nginx', bareNginx) : undefined,
    ...installed.map((proxy) => throughProxy(t, proxy, configurations[proxy], { CHATROOM_TRUST_PROXY: '127.0.0.1' })),
  ])
  for (const { code, out } of cured) {
    t.equal(code, 0, out)
    t.match(out, /WebSocket: .* after 70 s/)
    t.match(out, /Long poll: .* held for 4\d s/)
  }
  if (printed) t.equal(printed.code, 1)
  for (const line of lines) if (printed) t.ok(printed.out.includes(line), line)
})

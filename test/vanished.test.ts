import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import t, { type Test } from 'tap'
import { connectionsOf, nobodyLeft, openSockets } from './support/left-behind.js'
import { startChat } from './support/chat.js'
import { startLiveChat } from './support/live-chat.js'
import { transports } from './support/listener.js'
import { sayMissing } from './support/missing.js'
import { openings } from './support/slow.js'
import { TcpProxy } from './support/tcp-proxy.js'
import { until } from './support/remote.js'

const brief = { CHATROOM_HEARTBEAT: 1, CHATROOM_STREAM_AGE: 2 }
const presenceTimes = { grace: 100, gather: 50, gatherLarge: 50 }

for (const transport of transports)
  void t.test(`${transport.name}: who has vanished behind a proxy is not connected any more`, async (t) => {
    const { chat, url } = await startLiveChat(t, brief, { presenceTimes })
    await chat.register('alice')
    const proxy = await TcpProxy.start(t, url)
    const listener = transport.open(t, proxy.url, { username: 'alice' })
    await listener.next('hello')
    proxy.hang()
    if (!transport.stays) listener.close()
    await nobodyLeft(chat)
    await until(async () => ((await chat.get('/online')).body['presence'] as []).length === 0)
  })

const network = `chat${process.pid % 10_000}`
const [near, far] = ['10.213.7.1', '10.213.7.2']

/** Runs commands of iproute2. @returns what went wrong, if anything has */
function ip(...commands: string[]): string | undefined {
  for (const command of commands) {
    const { status, stderr, error } = spawnSync('ip', command.split(' '), { encoding: 'utf8' })
    if (status !== 0) return `ip ${command}: ${error?.message ?? stderr.trim()}`
  }
  return undefined
}

/** A network of its own, reached by a cable. @returns what went wrong, if anything has */
function layCable(t: Test): string | undefined {
  t.teardown(() => {
    ip(`link del ${network}`)
    ip(`netns del ${network}`)
  })
  return ip(
    `netns add ${network}`,
    `link add ${network} type veth peer name far netns ${network}`,
    `addr add ${near}/24 dev ${network}`,
    `link set ${network} up`,
    `-n ${network} addr add ${far}/24 dev far`,
    `-n ${network} link set far up`,
  )
}

void t.test('who has vanished with its network is not connected any more', async (t) => {
  const missing = layCable(t)
  if (missing !== undefined) return sayMissing(t, missing)
  const chat = await startChat(t, { CHATROOM_HANDSHAKE_RATE: 0, ...brief }, { presenceTimes })
  const url = new URL(await chat.app.listen({ host: near, port: 0 }))
  for (const open of Object.values(openings)) {
    await chat.register('alice')
    const script = `const s = require('net').connect(${url.port}, '${near}'); s.write(${JSON.stringify(open('alice'))}); s.pipe(process.stdout)`
    const peer = spawn('ip', ['netns', 'exec', network, process.execPath, '-e', script])
    t.teardown(() => peer.kill('SIGKILL'))
    await until(() => connectionsOf(chat) === 1)
    await once(peer.stdout, 'data')
    ip(`link set ${network} down`)
    await nobodyLeft(chat)
    await until(async () => ((await chat.get('/online')).body['presence'] as []).length === 0)
    await until(async () => (await openSockets(chat)) === 0)
    peer.kill('SIGKILL')
    ip(`link set ${network} up`)
    await chat.logout('alice')
  }
})

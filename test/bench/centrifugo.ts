import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Audience } from './audience.js'
import type { Dialect } from './dialects.js'
import { messageEvent } from './event.js'
import { clientFrame } from './frames.js'
import { gatherAs } from './gather.js'
import { findProgram } from './go-program.js'
import { messageText, post, upgrade } from './requests.js'
import type { Scope } from './scope.js'
import { startProgram } from './servers.js'

const centrifugo = {
  name: 'Centrifugo',
  command: 'centrifugo',
  package: 'github.com/centrifugal/centrifugo/v6',
  version: 'v6.9.1',
}
const channel = 'room_1'
const data = messageEvent(1, 'guest_1', channel, messageText(1))
const frameOf = (command: object): Buffer => clientFrame(JSON.stringify(command))

/** Its protocol in JSON: a command has an id, which its answer repeats; what comes at once is in one frame, one a line. */
const dialect: Dialect = {
  request: () => upgrade('/connection/websocket?format=json'),
  opening: frameOf({ id: 1, connect: {} }),
  linesInFrames: true,
  message: Buffer.from(`{"push":{"channel":"${channel}","pub":`),
  ready: Buffer.from('{"id":2,"subscribe":'),
  ack: Buffer.from('{"id":3,"publish":'),
  failures: ['{"id":1,"error"', '{"id":2,"error"', '{"id":3,"error"', '{"push":{"disconnect"'].map((text) =>
    Buffer.from(text),
  ),
  replies: [
    { to: Buffer.from('{"id":1,"connect":'), frame: frameOf({ id: 2, subscribe: { channel } }) },
    { to: Buffer.from('{}'), frame: clientFrame('{}') },
  ],
}

/** A message by its API. */
export const centrifugoPublish: Buffer = post('/api/publish', { channel, data })

/** As many in a channel of Centrifugo, which keeps nothing; why there are none, in a line, where it cannot be had. */
export async function gatherCentrifugo(scope: Scope, size: number): Promise<Audience | { missing: string }> {
  const program = await findProgram(centrifugo)
  if ('missing' in program) return program
  const server = await startProgram(scope, program.path, async (folder, port) => {
    const settings = {
      client: { insecure: true, allowed_origins: ['*'] },
      http_api: { insecure: true },
      http_server: { address: '127.0.0.1', port: String(port) },
      log: { level: 'error' },
    }
    const file = join(folder, 'config.json')
    await writeFile(file, JSON.stringify(settings))
    return ['--config', file]
  })
  return gatherAs(scope, server, size, dialect, frameOf({ id: 3, publish: { channel, data } }))
}

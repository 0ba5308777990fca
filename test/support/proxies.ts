import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Test } from 'tap'
import type { Proxy } from '../../src/doctor/remedies.js'
import { freePort } from './free-port.js'

interface Program {
  readonly command: string
  readonly args: (folder: string, file: string) => readonly string[]
  /** What a configuration for it needs around it to be a whole one. */
  readonly wrap?: (configuration: string, folder: string) => string
}

const programs: Readonly<Record<Proxy, Program>> = {
  nginx: {
    command: 'nginx',
    args: (folder, file) => ['-p', folder, '-c', file, '-e', join(folder, 'error.log')],
    wrap: (configuration, folder) => `daemon off;
pid ${folder}/nginx.pid;
events {}
http {
access_log off;
${['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((name) => `${name}_temp_path ${folder}/${name};`).join('\n')}
${configuration}
}
`,
  },
  HAProxy: { command: 'haproxy', args: (_folder, file) => ['-db', '-f', file] },
  Caddy: {
    command: 'caddy',
    args: (_folder, file) => ['run', '--config', file, '--adapter', 'caddyfile'],
    wrap: (configuration) => `{\n  admin off\n}\n${configuration}`,
  },
}

/** Why a proxy cannot be started here, in a line; undefined if it can. */
export function missingProxy(proxy: Proxy): string | undefined {
  const { command } = programs[proxy]
  try {
    execFileSync(command, [proxy === 'Caddy' ? 'version' : '-v'], { stdio: 'ignore' })
    return undefined
  } catch {
    return `${command} is not installed, so nothing is tried through ${proxy}`
  }
}

/**
 * Starts the real proxy; it ends with the test.
 * @param configure Makes its configuration. @param port That of the server.
 * @returns the proxy's port
 */
export async function startProxy(
  t: Test,
  proxy: Proxy,
  configure: (listen: number, port: number) => string,
  port: number,
): Promise<number> {
  const { command, args, wrap } = programs[proxy]
  const folder = await mkdtemp(join(tmpdir(), 'chatroom-proxy-'))
  const listen = Number(await freePort())
  const file = join(folder, 'configuration')
  const configuration = configure(listen, port)
  await writeFile(file, wrap ? wrap(configuration, folder) : configuration)
  const child = spawn(command, args(folder, file), {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, HOME: folder, XDG_DATA_HOME: folder, XDG_CONFIG_HOME: folder },
  })
  let said = ''
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => (said += text))
  t.teardown(async () => {
    if (child.exitCode === null && child.signalCode === null) {
      child.kill('SIGTERM')
      await once(child, 'exit')
    }
    await rm(folder, { recursive: true, force: true })
  })
  while (!(await accepts(listen)))
    if (child.exitCode !== null) throw new Error(`${command} ended with ${child.exitCode}: ${said}`)
  return listen
}

/** Whether somebody listens on a port. */
async function accepts(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1')
  try {
    await once(socket, 'connect')
    return true
  } catch {
    return false
  } finally {
    socket.destroy()
  }
}

import { examine } from '../doctor/examine.js'
import type { Finding } from '../doctor/finding.js'
import { linesFor, proxies, settingsFor, type Remedy } from '../doctor/remedies.js'
import { Target } from '../doctor/target.js'
import { UsageError, type Call, type Command } from './command.js'

/** A poll is held for 45 s; proxies cut off what is silent for 60. */
const times = { poll: 45, silence: 70 }

const marks: Readonly<Record<Finding['level'], string>> = { good: 'good', note: 'note', bad: 'BAD' }

export const doctor: Command = {
  help: `chatroom doctor URL

Tries a running server from outside, by the URL that its clients use, through whatever stands between: HTTP, a prefix, CORS,
compression, forwarded addresses, a token in the query, WebSocket and Server-Sent Events over ${times.silence} s of silence, a poll of
${times.poll} s. It says what it saw, and prints the lines for nginx, HAProxy or Caddy that mend it. It registers a guest whose name
begins with "doctor-", and logs it out. The exit code is 1 if something is bad.`,

  async run({ file, write, say }: Call): Promise<number> {
    const target = new Target(urlOf(file))
    say(`Looking at ${target.base.href}; what waits on purpose takes ${times.silence} s.`)
    const found = await examine(target, times, ({ name, findings }) => {
      for (const { level, said } of findings) write(`${marks[level].padEnd(6)}${name}: ${said}`)
    })
    for (const line of cureFor(found)) write(line)
    const wrong = found.filter(({ level }) => level === 'bad').length
    write(wrong === 0 ? 'Nothing is wrong.' : `${wrong} thing${wrong === 1 ? ' is' : 's are'} wrong.`)
    return wrong === 0 ? 0 : 1
  },
}

/** @throws {UsageError} if it is none */
function urlOf(text: string | undefined): URL {
  if (text === undefined) throw new UsageError('URL is missing, such as https://chat.example/.')
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (url?.protocol !== 'http:' && url?.protocol !== 'https:')
    throw new UsageError(`"${text}" is no URL that begins with http:// or https://.`)
  return url
}

/** The lines that mend what was found, for each proxy. */
function cureFor(found: readonly Finding[]): string[] {
  const wanted = [...new Set(found.flatMap(({ remedy }) => remedy ?? []))] satisfies Remedy[]
  const byProxy = proxies.flatMap((proxy) => {
    const lines = linesFor(proxy, wanted)
    return lines.length === 0 ? [] : ['', `If ${proxy} stands between, where it hands on to ChatRoom:`, ...lines]
  })
  const settings = settingsFor(wanted)
  const own =
    settings.length === 0 ? [] : ['', 'In the settings of ChatRoom:', ...settings.map((line) => `    ${line}`)]
  return [...byProxy, ...own, ...(byProxy.length + own.length > 0 ? [''] : [])]
}

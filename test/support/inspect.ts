import type { Message } from '../../schemas/message.js'
import { buildApp, type App } from '../../src/app.js'
import { testSettings } from './chat.js'
import { reader, senders, type Load, type Sending } from './fault-load.js'
import { pino } from 'pino'

/** What came of a folder: it served everything, it said that it is damaged, or something is wrong. */
export interface Finding {
  readonly served: boolean
  readonly said: string
  readonly wrong: readonly string[]
}

/** The line with which a start ends, or which is in the server's log when a page cannot be read. */
const clear = /^[^\n]*(log\.db|archive\.db|committed)\b[^\n]* "npx chatroom restore FILE"\.$/

const settingsOf = (folder: string) => testSettings({ CHATROOM_DATA: folder, CHATROOM_MESSAGE_MEMORY: 2 })

/** Says what is wrong with a folder that must be whole: all that a load was answered is there, and nothing refused. */
export async function verify(folder: string, load: Load): Promise<string[]> {
  const app = await buildApp({ settings: settingsOf(folder) })
  try {
    // Without an answer, there may be nobody to ask for.
    const { statusCode } = await app.inject(`/messages?username=${reader}`)
    return load.check(statusCode === 404 ? [] : await pages(app, reader))
  } finally {
    await app.close()
  }
}

/** Opens a folder as a server does, and holds what it serves to what a load was answered. */
export async function inspect(folder: string, load: Load): Promise<Finding> {
  const log: string[] = []
  let app: App
  try {
    app = await buildApp({
      settings: settingsOf(folder),
      logger: pino({ level: 'error' }, { write: (line: string) => void log.push(line) }),
    })
  } catch (error) {
    const { name, message, stack } = error as Error
    return finding(false, message, name === 'DataError' && clear.test(message) ? [] : [`refused with ${stack}`])
  }
  try {
    const wrong = await whatIsWrong(app, load)
    return finding(true, '', wrong)
  } catch (error) {
    // A page answers 500, and the log has a line that names the file.
    const said = log
      .map((line) => (JSON.parse(line) as { err?: Error }).err?.message ?? '')
      .filter((line) => clear.test(line))
    return finding(false, said[0] ?? '', said.length > 0 ? [] : [`failed with ${String(error)}, ${log.join('')}`])
  } finally {
    await app.close()
  }
}

const finding = (served: boolean, said: string, wrong: readonly string[]): Finding => ({ served, said, wrong })

async function whatIsWrong(app: App, load: Load): Promise<string[]> {
  const wrong: string[] = []
  const online = (await ask(app, '/online'))['online_users']
  if (JSON.stringify(online) !== JSON.stringify([...senders, reader])) wrong.push(`online are ${String(online)}`)
  wrong.push(...load.check(await pages(app, reader), 0))
  const [member = ''] = senders
  const inRoom = load.answered.filter(({ recipient }) => recipient !== reader).length
  const seen = (await pages(app, member)).length
  // The room has a first message, of the server.
  if (seen !== inRoom + 1) wrong.push(`a member sees ${seen} messages of ${inRoom + 1}`)
  for (let index = 0; index < load.answered.length; index += 97)
    wrong.push(...(await repeats(app, load.answered[index] as Sending)))
  wrong.push(...load.check(await pages(app, reader), 0))
  return wrong
}

async function repeats(app: App, { id, sentAt, ...request }: Sending): Promise<string[]> {
  const answer = await ask(app, '/send', request)
  const same = answer['message_id'] === id && answer['sent_at'] === sentAt
  return same ? [] : [`a repeat of message ${id} is answered with ${JSON.stringify(answer)}`]
}

async function pages(app: App, username: string): Promise<Message[]> {
  const messages: Message[] = []
  for (let last = 0; ;) {
    const page = await ask(app, `/messages?username=${username}&last_id=${last}&limit=150`)
    messages.push(...(page['messages'] as Message[]))
    if (page['has_more'] !== true) return messages
    last = Number(page['last_id'])
  }
}

async function ask(app: App, url: string, payload?: object): Promise<Record<string, unknown>> {
  const { statusCode, body } = await app.inject(payload ? { method: 'POST', url, payload } : { url })
  if (statusCode !== 200) throw new Error(`${url} answers ${statusCode} ${body}`)
  return JSON.parse(body) as Record<string, unknown>
}

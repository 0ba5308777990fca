import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import t from 'tap'
import { verify } from '../src/cli/verify.js'
import type { TSchema } from '@sinclair/typebox'
import { CommandSchema, vocabulary } from '../schemas/commands.js'
import { ChatError } from '../src/chat/chat-error.js'
import { CommandLog } from '../src/chat/command-log.js'
import { OutcomeUnknown, type Payload } from '../src/log/log.js'
import { MemoryLog } from '../src/log/memory-log.js'
import { version } from '../src/version.js'
import { fails, startChat } from './support/chat.js'
import { called, chatroom } from './support/cli.js'
import { filledFolder } from './support/folders.js'
import { placeIn } from './support/test-folder.js'
import { appendAs } from './support/log-rows.js'
import { inFolder, openChat } from './support/open-chat.js'

const announce = { type: 'announce', text: 'hello' } as const
const later = { vocabulary: vocabulary + 1, program: '9.8.7' }

void t.test('what a command comes to, and how it fails, is said in the terms of the chat', async (t) => {
  const log = new CommandLog(new MemoryLog())
  await t.rejects(log.append(announce), { name: 'ChatError', code: 'log_unavailable' })
  await log.open(({ position, command }) => {
    if (command.type === 'touch') throw new ChatError('user_not_found', 'not here')
    return [position, command]
  })
  t.same(await log.append(announce), [1, announce])
  await t.rejects(log.append({ type: 'touch', user: 1 }), { code: 'user_not_found', message: 'not here' })
  t.same(await log.append(announce), [3, announce])
})

/** A log that takes everything, and does not always say so in time. */
class SilentLog extends MemoryLog {
  isSilent = false

  override async append(payload: Payload): Promise<unknown> {
    const said = await super.append(payload)
    if (this.isSilent) throw new OutcomeUnknown()
    return said
  }
}

void t.test('a message whose outcome is unknown is sent again with its client_id, and is there once', async (t) => {
  const log = new SilentLog()
  const chat = await startChat(t, {}, { storage: { log, release: () => undefined } })
  await chat.register('ann')
  const message = { sender: 'ann', recipient: 'ann', message: 'once', client_id: 'c1' }
  log.isSilent = true
  const answer = chat.post('/send', message)
  await fails(t, answer, 503, 'outcome_unknown')
  t.equal((await answer).headers['retry-after'], '1')
  log.isSilent = false
  t.match(await chat.post('/send', message), { status: 200, body: { client_id: 'c1' } })
  t.same(await chat.texts('ann'), ['once'])
})

void t.test('a command of a later version stops the start, and is no damage', async (t) => {
  for (const [command, what] of [
    [{ type: 'edit', message: 1 }, 'a command "edit"'],
    [{ ...announce, until: 7 }, 'a command "announce" with "until"'],
    [{ type: 'configure', bounds: { wishes: 3 } }, 'a command "configure" with "wishes"'],
    [[1], 'something'],
  ] as const) {
    const folder = await filledFolder(t)
    const file = join(folder, 'log.db')
    const position = appendAs(folder, later, command)
    const line = `${file}: entry ${position} is ${what} that this chatroom (${version}) does not know: version 9.8.7 has written it. Start that version, or a newer one; nothing is lost.`
    await t.rejects(openChat(await inFolder(folder)), { name: 'DataError', message: line })
    const { code, out } = await called(verify, folder)
    t.equal(code, 1)
    t.equal(out.slice(0, out.indexOf('\n')), line, 'and no word of a backup')
    t.match(out, /\n1 problem\.\n$/)
  }
})

void t.test('a backup with a command of a later version is not restored, and no other is asked for', async (t) => {
  const folder = await filledFolder(t)
  appendAs(folder, later, { type: 'edit' })
  const file = placeIn(t)
  t.match(await chatroom(folder, ['backup', file]), { code: 0 })
  t.match(await chatroom(placeIn(t), ['restore', file]), {
    code: 1,
    error: /version 9\.8\.7 has written it\. .*; nothing is lost\. Nothing has been put in place\.\n$/,
  })
})

void t.test('what a later version writes as this one does is taken', async (t) => {
  const folder = await filledFolder(t)
  appendAs(folder, later, announce)
  const chat = await openChat(await inFolder(folder))
  t.equal(chat.announcement().text, 'hello')
  await chat.close()
  t.match(await called(verify, folder), { code: 0 })
})

/** The properties of a schema, and of those in it, by name. */
const shapeOf = ({ properties = {} }: TSchema): object =>
  Object.fromEntries(Object.entries(properties as Record<string, TSchema>).map(([name, part]) => [name, shapeOf(part)]))

void t.test('another command, or another property of one, asks for the next version of the vocabulary', async (t) => {
  const commands = CommandSchema.anyOf.map((schema) => [schema.properties.type.const, shapeOf(schema)])
  const pinned: unknown = JSON.parse(await readFile('test/vocabulary.json', 'utf8'))
  // If this fails, raise `vocabulary`, unless that was done since the last release, and write what is found into the file.
  t.same({ vocabulary, commands: Object.fromEntries(commands) as object }, pinned)
})

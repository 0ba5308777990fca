import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { findProgram } from './go-program.js'
import { post } from './requests.js'
import type { Scope } from './scope.js'
import { startProgram, type Server } from './servers.js'

const pocketBase = {
  name: 'PocketBase',
  command: 'base',
  package: 'github.com/pocketbase/pocketbase/examples/base',
  version: 'v0.36.8',
}
const operator = { identity: 'bench@example.com', password: 'correct horse battery' }
const collection = {
  name: 'messages',
  type: 'base',
  // Everybody may create records, without a token.
  createRule: '',
  fields: ['sender', 'recipient', 'message'].map((name) => ({ name, type: 'text' })),
}

/** A PocketBase with an empty collection of messages; why there is none, in a line, where it cannot be had. */
export async function startPocketBase(scope: Scope): Promise<Server | { missing: string }> {
  const program = await findProgram(pocketBase)
  if ('missing' in program) return program
  const { path } = program
  const server = await startProgram(scope, path, async (folder, port) => {
    const data = `--dir=${folder}/pb_data`
    await promisify(execFile)(path, ['superuser', 'upsert', operator.identity, operator.password, data])
    return ['serve', `--http=127.0.0.1:${port}`, data, '--dev=false', '--hooksWatch=false']
  })
  const { token } = await call(server, '/api/collections/_superusers/auth-with-password', operator)
  await call(server, '/api/collections', collection, String(token))
  return server
}

/** A message as a record. */
export const createRecord = (sender: string, recipient: string, message: string): Buffer =>
  post('/api/collections/messages/records', { sender, recipient, message })

async function call({ port }: Server, path: string, body: object, token = ''): Promise<Record<string, unknown>> {
  const response = await fetch(`http://127.0.0.1:${port}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: token },
    body: JSON.stringify(body),
  })
  if (!response.ok) throw new Error(`${path} answers ${response.status} ${await response.text()}`)
  return (await response.json()) as Record<string, unknown>
}

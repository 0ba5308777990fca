import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import type { Test } from 'tap'
import { Refused, type SeedClient } from './seed-client.js'

const methods = [
  'register',
  'login',
  'logout',
  'listOnlineUsers',
  'sendMessage',
  'pollMessages',
  'createRoom',
  'leaveRoom',
  'getAnnouncement',
  'eventTypes',
] as const satisfies readonly (keyof SeedClient)[]

/** What a program answers to a line: what came, or the code of a failure, or what went wrong in itself. */
interface Reply {
  readonly value?: unknown
  readonly code?: string
  readonly error?: string
}

interface Asked {
  resolve(reply: Reply): void
  reject(error: Error): void
}

/** A client that is a program of its own: it is asked by lines of JSON, and answers each by one, in their order. */
export function spokenClient(t: Test, command: string, args: readonly string[], options: object): SeedClient {
  const program = spawn(command, args, { ...options, stdio: ['pipe', 'pipe', 'inherit'] })
  t.teardown(() => program.kill())
  const asked: Asked[] = []
  createInterface(program.stdout).on('line', (line) => asked.shift()?.resolve(JSON.parse(line) as Reply))
  program.on('exit', (code) => {
    for (const one of asked) one.reject(new Error(`${command} has ended with ${String(code)}`))
  })
  const ask = async (method: string, said: readonly unknown[]): Promise<unknown> => {
    const answered = new Promise<Reply>((resolve, reject) => asked.push({ resolve, reject }))
    program.stdin.write(`${JSON.stringify([method, ...said])}\n`)
    const { value, code, error } = await answered
    if (code !== undefined) throw new Refused({ code, message: method })
    if (error !== undefined) throw new Error(error)
    return value
  }
  const client = methods.map((method) => [method, (...said: unknown[]) => ask(method, said)])
  return Object.fromEntries(client) as unknown as SeedClient
}

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import type { Test } from 'tap'
import type { Command } from '../../src/cli/command.js'
import { exportCommand } from '../../src/cli/export.js'
import { importCommand } from '../../src/cli/import.js'
import { builtFile } from './built.js'
import { testSettings } from './chat.js'
import { placeIn } from './test-folder.js'

/** How the command ended. */
export interface Said {
  readonly code: number | null
  readonly out: string
  readonly error: string
}

/** Runs the real command on a folder until it ends. */
export async function chatroom(folder: string, args: readonly string[], input = ''): Promise<Said> {
  const clean = Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(?:CHATROOM_|TAP)/.test(name)))
  const child = spawn(process.execPath, [builtFile('src/cli.ts'), ...args], {
    env: { ...clean, CHATROOM_DATA: folder },
  })
  const said = { out: '', error: '' }
  child.stdout.setEncoding('utf8').on('data', (text: string) => (said.out += text))
  child.stderr.setEncoding('utf8').on('data', (text: string) => (said.error += text))
  // It may end before it has read everything.
  child.stdin.on('error', () => undefined)
  child.stdin.end(input)
  const [code] = (await once(child, 'close')) as [number | null]
  return { code, ...said }
}

/** Runs a command here, which is sooner done: what it writes, and its exit code. */
export async function called(command: Command, folder: string, file?: string): Promise<Omit<Said, 'error'>> {
  const lines: string[] = []
  const code = await command.run({
    file,
    settings: testSettings({ CHATROOM_DATA: folder }),
    usualFolder: 'data',
    write: (line) => lines.push(line),
    say: () => undefined,
    onProgress: () => undefined,
  })
  return { code: code ?? null, out: lines.map((line) => `${line}\n`).join('') }
}

/** Takes a chat out of its folder and puts it into another. @returns the other folder */
export async function imported(t: Test, folder: string): Promise<string> {
  const [file, copy] = [placeIn(t), placeIn(t)]
  await called(exportCommand, folder, file)
  await called(importCommand, copy, file)
  return copy
}

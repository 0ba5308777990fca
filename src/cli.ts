#!/usr/bin/env node
import { parseArgs } from 'node:util'
import { UsageError, type Command } from './cli/command.js'
import { progressTo } from './cli/progress.js'
import { nearest } from './base/nearest.js'
import { readEnvironment, SettingError, settingsFrom } from './settings.js'
import { DataError } from './base/data-error.js'
import { isOfSystem, reasonOf } from './storage/system-errors.js'
import { version } from './version.js'

interface Entry {
  readonly usage: string
  readonly summary: string
  load(): Promise<Command>
}

/** What there is, each loaded when it is wanted. */
const commands: Readonly<Record<string, Entry>> = {
  serve: {
    usage: 'serve',
    summary: 'Runs the server; so does chatroom alone.',
    load: async () => (await import('./node/serve.js')).serve,
  },
  backup: {
    usage: 'backup FILE',
    summary: 'Writes the whole chat into one file, while the server runs.',
    load: async () => (await import('./cli/backup.js')).backup,
  },
  restore: {
    usage: 'restore FILE',
    summary: 'Makes the folder from a backup.',
    load: async () => (await import('./cli/restore.js')).restore,
  },
  verify: {
    usage: 'verify [FILE]',
    summary: 'Looks through the folder, or a backup, for damage.',
    load: async () => (await import('./cli/verify.js')).verify,
  },
  export: {
    usage: 'export [FILE]',
    summary: 'Writes the whole chat as lines of JSON.',
    load: async () => (await import('./cli/export.js')).exportCommand,
  },
  import: {
    usage: 'import [FILE]',
    summary: 'Makes the folder from lines of JSON.',
    load: async () => (await import('./cli/import.js')).importCommand,
  },
  'found-cluster': {
    usage: 'found-cluster',
    summary: 'Puts the chat of the folder into NATS servers, for many nodes.',
    load: async () => (await import('./node/found-cluster.js')).foundCluster,
  },
  doctor: {
    usage: 'doctor URL',
    summary: 'Tries a running server from outside, through what stands between.',
    load: async () => (await import('./cli/doctor.js')).doctor,
  },
}

const help = `chatroom [COMMAND]

${Object.values(commands)
  .map(({ usage, summary }) => `  ${usage.padEnd(15)}${summary}`)
  .join('\n')}

  -h, --help     Says this, or what a command promises.
  -v, --version  Says the version.
  -q, --quiet    Says nothing but what was asked for and what is wrong.
  --yes          With serve: the clock is right, though it has leapt.
  --keep N       With a backup into a folder: keeps the newest N, and removes older ones.

The settings are those of the server, from the environment or .env: CHATROOM_DATA names the folder.`

const usageCode = 2

/** @returns the exit code; none while the server runs */
async function run(args: string[]): Promise<number | undefined> {
  const { values, positionals } = parse(args)
  const [name = 'serve', file, ...more] = positionals
  if (values.version === true) return write(version)
  if (values.help === true && positionals.length === 0) return write(help)
  const entry = Object.hasOwn(commands, name) ? commands[name] : undefined
  if (!entry) throw new UsageError(`there is no command "${name}".${hintAt(name)}`)
  const command = await entry.load()
  if (values.help === true) return write(command.help)
  const mostFiles = /FILE|URL/.test(entry.usage) ? 1 : 0
  if (more.length > 0 || (file !== undefined && mostFiles === 0)) throw new UsageError('there are too many words.')
  if (values.yes === true && name !== 'serve') throw new UsageError('--yes is for serve alone.')
  if (values.keep !== undefined && name !== 'backup') throw new UsageError('--keep is for backup alone.')
  const { onProgress, end } = progressTo(process.stderr)
  const environment = readEnvironment()
  try {
    return await command.run({
      file,
      keep: numberOf(values.keep),
      settings: settingsFrom(environment),
      usualFolder: settingsFrom({ CHATROOM_DATA: readEnvironment('.env', {})['CHATROOM_DATA'] }).CHATROOM_DATA,
      write,
      onProgress: values.quiet === true ? () => undefined : onProgress,
      say(line) {
        end()
        if (values.quiet !== true) process.stderr.write(`${line}\n`)
      },
    })
  } finally {
    end()
  }
}

/** What was most likely meant, if anything is near. */
function hintAt(name: string): string {
  const near = nearest(name, Object.keys(commands))
  return near === undefined ? '' : ` Did you mean "${near}"?`
}

const options = {
  help: { type: 'boolean', short: 'h' },
  version: { type: 'boolean', short: 'v' },
  quiet: { type: 'boolean', short: 'q' },
  keep: { type: 'string' },
  yes: { type: 'boolean' },
} as const

/** @throws {UsageError} if it is none */
function numberOf(text: string | undefined): number | undefined {
  if (text !== undefined && !/^[1-9]\d{0,5}$/.test(text))
    throw new UsageError(`--keep is "${text}", but must be a whole number from 1 on.`)
  return text === undefined ? undefined : Number(text)
}

function parse(args: string[]) {
  try {
    return parseArgs({ args, allowPositionals: true, options })
  } catch (error) {
    throw new UsageError((error as Error).message)
  }
}

function write(text: string): number {
  process.stdout.write(`${text}\n`)
  return 0
}

/** One line for what people can cure; the rest is a fault of the program, which needs its stack. */
function explain(error: unknown): string {
  const { errcode, message, path, stack } = error as NodeJS.ErrnoException & { errcode?: number }
  const isExpected = error instanceof DataError || error instanceof SettingError || error instanceof UsageError
  if (isExpected || errcode !== undefined) return message
  if (!isOfSystem(error)) return String(stack)
  return `${path ?? 'a file'} cannot be read or written: ${reasonOf(error)}.`
}

const args = process.argv.slice(2)
try {
  const code = await run(args)
  if (code !== undefined) process.exitCode = code
} catch (error) {
  const isUsage = error instanceof UsageError
  // Who reads the output has seen enough, as head does.
  if ((error as NodeJS.ErrnoException).code !== 'EPIPE') {
    const name = args.find((word) => Object.hasOwn(commands, word))
    process.stderr.write(`chatroom${name === undefined ? '' : ` ${name}`}: ${explain(error)}\n`)
    if (isUsage) process.stderr.write(`\n${help}\n`)
  }
  process.exitCode = isUsage ? usageCode : 1
}

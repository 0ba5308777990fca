#!/usr/bin/env node
import { parseArgs } from 'node:util'
import { UsageError, type Command } from './cli/command.js'
import { progressTo } from './cli/progress.js'
import { readEnvironment, SettingError, settingsFrom } from './settings.js'
import { DataError } from './storage/data-error.js'
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
    load: async () => (await import('./cli/serve.js')).serve,
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

  --help         Says this, or what a command promises.
  --version      Says the version.
  --quiet        Says nothing but what was asked for and what is wrong.

The settings are those of the server, from the environment or .env: CHATROOM_DATA names the folder.`

const usageCode = 2

/** @returns the exit code; none while the server runs */
async function run(args: string[]): Promise<number | undefined> {
  const { values, positionals } = parse(args)
  const [name = 'serve', file, ...more] = positionals
  if (values.version === true) return write(version)
  if (values.help === true && positionals.length === 0) return write(help)
  const entry = Object.hasOwn(commands, name) ? commands[name] : undefined
  if (!entry) throw new UsageError(`there is no command "${name}".`)
  const command = await entry.load()
  if (values.help === true) return write(command.help)
  const mostFiles = /FILE|URL/.test(entry.usage) ? 1 : 0
  if (more.length > 0 || (file !== undefined && mostFiles === 0)) throw new UsageError('there are too many words.')
  const { onProgress, end } = progressTo(process.stderr)
  try {
    return await command.run({
      file,
      settings: settingsFrom(readEnvironment()),
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

function parse(args: string[]) {
  const flag = { type: 'boolean' } as const
  try {
    return parseArgs({ args, allowPositionals: true, options: { help: flag, version: flag, quiet: flag } })
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
  const { code, errcode, message, stack } = error as NodeJS.ErrnoException & { errcode?: number }
  const isExpected = error instanceof DataError || error instanceof SettingError || error instanceof UsageError
  const isOfSystem = errcode !== undefined || (code !== undefined && !code.startsWith('ERR_'))
  return isExpected || isOfSystem ? message : String(stack)
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

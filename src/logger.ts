import { pino, type Logger } from 'pino'
import pretty from 'pino-pretty'
import type { Settings } from '../schemas/settings.js'

/** The fields of a line that a person is shown in the sentence itself, in this order, with what stands around each. */
const shown: readonly (readonly [field: string, before?: string, after?: string])[] = [
  ['method'],
  ['path'],
  ['status'],
  ['code'],
  ['hung_up'],
  ['close_code', 'closed with '],
  ['ms', '', ' ms'],
  ['bytes_sent', '', ' bytes'],
  ['user', 'user '],
  ['address'],
]

/** JSON lines for machines; on a terminal, lines for people. */
export function makeLogger({ CHATROOM_LOG_LEVEL: level }: Settings): Logger {
  const options = { level, base: null }
  return process.stdout.isTTY ? pino(options, linesForPeople(process.stdout)) : pino(options)
}

/** Writes what is logged as one line each; below that of an error stands its stack. */
export const linesForPeople = (destination: NodeJS.WritableStream) =>
  pretty({
    sync: true,
    singleLine: true,
    ignore: ['pid', 'hostname', 'id', ...shown.map(([field]) => field)].join(','),
    messageFormat: (line, key) => sentenceOf(line as Line, key),
    destination,
  })

type Line = Readonly<Record<string, string | number | boolean | undefined>>

function sentenceOf(line: Line, key: string): string {
  const words = shown.flatMap(([field, before = '', after = '']) => {
    const value = line[field]
    if (value === undefined) return []
    return value === true ? field.replaceAll('_', ' ') : `${before}${value}${after}`
  })
  // A request is known by its method and path.
  return [...(line['method'] === undefined ? [line[key]] : []), ...words].join(' ')
}

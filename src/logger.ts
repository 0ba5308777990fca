import { pino, type Logger } from 'pino'
import pretty from 'pino-pretty'
import type { Settings } from '../schemas/settings.js'

/** JSON lines for machines; on a terminal, lines for people. */
export function makeLogger({ CHATROOM_LOG_LEVEL: level }: Settings): Logger {
  const options = { level, base: null }
  return process.stdout.isTTY ? pino(options, pretty({ sync: true, ignore: 'pid,hostname' })) : pino(options)
}

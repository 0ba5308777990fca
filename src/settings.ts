import { readFileSync } from 'node:fs'
import { Ajv } from 'ajv'
import type { Bounds } from '../schemas/commands.js'
import type { Limits } from '../schemas/limits.js'
import { fixed } from '../schemas/limits.js'
import { SettingsSchema, type Settings } from '../schemas/settings.js'
import { decimal } from './base/decimal.js'
import { parseEnvFile } from './env-file.js'
import type { Window } from './base/window.js'
import { nearest } from './base/nearest.js'

/** Settings that the server cannot start with. The message names each, and the cure. */
export class SettingError extends Error {
  override readonly name = 'SettingError'

  /** @param problems What is wrong, each in one line. */
  constructor(...problems: readonly string[]) {
    super(problems.length === 1 ? problems[0] : ['several things are wrong.', ...problems].join('\n- '))
  }
}

export type Environment = Readonly<Record<string, string | undefined>>

const names = Object.keys(SettingsSchema.properties) as (keyof Settings)[]
// Its own words, such as `unit`, are for people.
const ajv = new Ajv({ strict: false })
const mebibyte = 2 ** 20

/** The environment, and below it what an `.env` file says. @throws {SettingError} if the file cannot be read */
export function readEnvironment(file = '.env', environment: Environment = process.env): Environment {
  const { values, badLines } = parseEnvFile(readText(file))
  const problems = badLines.map(({ number, wrong }) => `Line ${number} of ${file} ${wrong}.`)
  if (problems.length > 0) throw new SettingError(...problems)
  return { ...values, ...environment }
}

/** The text of a file, without its byte order mark; nothing if it is not there. */
function readText(file: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: false }).decode(readFileSync(file))
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    if (code === 'ENOENT') return ''
    throw new SettingError(
      `${file} cannot be read: ${code === 'ERR_ENCODING_INVALID_ENCODED_DATA' ? 'it is not UTF-8.' : message}`,
    )
  }
}

/**
 * The settings of an environment. An empty value is as good as none.
 * @throws {SettingError} if some do not fit
 */
export function settingsFrom(environment: Environment): Settings {
  const problems: string[] = []
  const settings = names.map((name) => [name, settingFrom(name, environment[name], problems)])
  if (problems.length > 0) throw new SettingError(...problems, ...unknownSettings(environment))
  return Object.fromEntries(settings) as Settings
}

/** Whether somebody has set it, if only to its default. */
export const isGiven = (environment: Environment, name: keyof Settings): boolean => !isBlank(environment[name] ?? '')

const isBlank = (text: string): boolean => text.trim() === ''

/** What to say of names that look like settings but are none: most likely misspelt. */
export const unknownSettings = (environment: Environment): string[] =>
  Object.keys(environment)
    .filter((name) => /^chat_?ro+m/i.test(name) && !(name in SettingsSchema.properties))
    .map((name) => {
      const meant = nearest(name.replace(/^CHATROOM_/i, ''), names) ?? nearest(name, names)
      return `${name} is not a setting; ${meant === undefined ? 'openapi/settings.md lists them.' : `did you mean ${meant}?`}`
    })

/** @param problems Takes what is wrong with it. */
function settingFrom(name: keyof Settings, text: string | undefined, problems: string[]): string | number {
  const schema = SettingsSchema.properties[name]
  if (text === undefined || isBlank(text)) return schema['default'] as string | number
  const value = (schema['type'] === 'integer' ? decimal(text.trim()) : undefined) ?? text.trim()
  if (!ajv.validate(schema, value))
    problems.push(
      `${name} is ${schema['secret'] === true ? 'something else' : `"${text}"`}, but must be ${rangeOf(schema)}. ${String(schema['description'])}`,
    )
  return value
}

/** What a setting may be, in words. */
export function rangeOf(schema: Readonly<Record<string, unknown>>): string {
  if (Array.isArray(schema['enum'])) return schema['enum'].map((value) => `"${String(value)}"`).join(' or ')
  if (typeof schema['form'] === 'string') return schema['form']
  if (schema['type'] !== 'integer') return 'some text'
  const unit = typeof schema['unit'] === 'string' ? ` (${schema['unit']})` : ''
  return `a whole number from ${String(schema['minimum'])} to ${String(schema['maximum'])}${unit}`
}

export const limitsOf = (settings: Settings): Limits => ({
  messageLength: settings.CHATROOM_MESSAGE_LENGTH,
  participants: Math.min(settings.CHATROOM_ROOM_MEMBERS, namesIn(settings.CHATROOM_BODY_LIMIT)),
})

/** What a request has beside its names, in bytes: more than a room's name and topic can take. */
const besideNames = 4096
/** The longest name in a list of JSON: UTF-8 takes four bytes for a character (RFC 3629 section 3). */
const nameBytes = 4 * fixed.usernameLength + '"",'.length

/** The most names that fit in a body, however long they are. */
const namesIn = (bodyLimit: number): number => Math.max(1, Math.floor((bodyLimit - besideNames) / nameBytes))

export const boundsOf = (settings: Settings): Bounds => ({
  users: settings.CHATROOM_USERS,
  sessions_per_user: settings.CHATROOM_SESSIONS_PER_USER,
  rooms_per_user: settings.CHATROOM_ROOMS_PER_USER,
  rooms_of_others: settings.CHATROOM_ROOMS_OF_OTHERS,
  participants_per_user: settings.CHATROOM_PARTICIPANTS_PER_USER,
  participants_per_guest: settings.CHATROOM_PARTICIPANTS_PER_GUEST,
  bytes_per_day: settings.CHATROOM_BYTES_PER_DAY,
  room_members: settings.CHATROOM_ROOM_MEMBERS,
  memberships: settings.CHATROOM_MEMBERSHIPS,
  idempotency_keys: settings.CHATROOM_IDEMPOTENCY_KEYS,
})

/** What is kept for those who come back. */
export const windowOf = (settings: Settings): Window => ({
  entries: settings.CHATROOM_LOG_ENTRIES,
  age: settings.CHATROOM_LOG_AGE * 1000,
})

/** Memory for messages, in bytes. */
export const messageMemoryOf = (settings: Settings): number => settings.CHATROOM_MESSAGE_MEMORY * mebibyte

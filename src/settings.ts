import { readFileSync } from 'node:fs'
import { parseEnv } from 'node:util'
import { Ajv } from 'ajv'
import type { Bounds } from '../schemas/commands.js'
import type { Limits } from '../schemas/limits.js'
import { fixed } from '../schemas/limits.js'
import { SettingsSchema, type Settings } from '../schemas/settings.js'
import type { Window } from './log/log-file.js'

/** A setting that the server cannot start with. The message names it, and the cure. */
export class SettingError extends Error {
  override readonly name = 'SettingError'
}

type Environment = Readonly<Record<string, string | undefined>>

const names = Object.keys(SettingsSchema.properties) as (keyof Settings)[]
// Its own words, such as `unit`, are for people.
const ajv = new Ajv({ strict: false })
const mebibyte = 2 ** 20

/** The environment, and below it what an `.env` file says. @throws {SettingError} if the file cannot be read */
export function readEnvironment(file = '.env', environment: Environment = process.env): Environment {
  try {
    return { ...parseEnv(readFileSync(file, 'utf8')), ...environment }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return environment
    throw new SettingError(`${file} cannot be read: ${(error as Error).message}`)
  }
}

/**
 * The settings of an environment. An empty value is as good as none.
 * @throws {SettingError} if one does not fit
 */
export function settingsFrom(environment: Environment): Settings {
  return Object.fromEntries(names.map((name) => [name, settingFrom(name, environment[name])])) as Settings
}

/** Names that look like settings but are none: most likely misspelt. */
export const unknownSettings = (environment: Environment): string[] =>
  Object.keys(environment).filter((name) => name.startsWith('CHATROOM_') && !(name in SettingsSchema.properties))

function settingFrom(name: keyof Settings, text: string | undefined): string | number {
  const schema = SettingsSchema.properties[name]
  if (text === undefined || text.trim() === '') return schema['default'] as string | number
  const value = schema['type'] === 'integer' && /^-?\d+$/.test(text.trim()) ? Number(text) : text.trim()
  if (!ajv.validate(schema, value))
    throw new SettingError(
      `${name} is ${schema['secret'] === true ? 'something else' : `"${text}"`}, but must be ${rangeOf(schema)}. ${String(schema['description'])}`,
    )
  return value
}

/** What a setting may be, in words. */
export function rangeOf(schema: Readonly<Record<string, unknown>>): string {
  if (Array.isArray(schema['enum'])) return schema['enum'].map((value) => `"${String(value)}"`).join(' or ')
  if (schema['type'] !== 'integer') return typeof schema['pattern'] === 'string' ? 'as follows' : 'some text'
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

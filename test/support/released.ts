import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { gunzipSync, gzipSync } from 'node:zlib'
import type { Settings } from '../../schemas/settings.js'
import { root } from '../clients/run-bin.js'
import type { Answer, Chat } from './chat.js'

/**
 * Data folders as released versions have left them, kept so that later versions can show that they open them with nothing
 * lost. Of each there are its files, a backup and an export of it, and what its server answered last.
 * `test/make-released.ts` makes those of the present version.
 */

/** One question, and what was answered. */
export interface Asked {
  readonly method: 'GET' | 'POST'
  readonly url: string
  readonly query?: Readonly<Record<string, string>>
  readonly payload?: object
  readonly token?: string
  readonly status: number
  readonly body: unknown
}

/** What is known of a folder beside its files. */
export interface Known {
  /** The settings that its server ran with. */
  readonly settings: Partial<Settings>
  /** What its clock said, in ms since the epoch. */
  readonly now: number
  /** What changes nothing: who is online, all pages, repeats of what was sent with a `client_id`. */
  readonly answers: readonly Asked[]
  /** What those who come back are told live; it is of this folder, and not of what is made from its backup. */
  readonly events: readonly Asked[]
  /** Accounts and their passwords. */
  readonly passwords: Readonly<Record<string, string>>
}

/** A folder that is kept. */
export interface Released extends Known {
  readonly version: string
  readonly name: string
}

const place = join(root, 'test/released')

export const placeOf = (version: string, name: string): string => join(place, version, name)

/** All folders of all versions. */
export async function releasedFolders(): Promise<Released[]> {
  const entries = await readdir(place, { withFileTypes: true })
  const found: Released[] = []
  for (const { name: version } of entries.filter((entry) => entry.isDirectory()))
    for (const { name } of (await readdir(join(place, version), { withFileTypes: true })).filter((it) =>
      it.isDirectory(),
    ))
      found.push({ version, name, ...(await readKnown(placeOf(version, name))) })
  return found
}

const readKnown = async (folder: string): Promise<Known> =>
  JSON.parse(await readFile(`${folder}.json`, 'utf8')) as Known

/** Writes a line for each answer, so that a change of one is seen. */
export async function writeKnown(folder: string, { answers, events, ...known }: Known): Promise<void> {
  const lists = Object.entries({ answers, events }).map(
    ([name, list]) => `"${name}": [\n${list.map((it) => JSON.stringify(it)).join(',\n')}\n]`,
  )
  await writeFile(`${folder}.json`, `${JSON.stringify(known).slice(0, -1)},\n${lists.join(',\n')}}\n`)
}

/** The files beside the data folder itself. */
export const beside = ['backup', 'export'] as const

/** Compresses all files of a folder, but for the lock, which is empty. */
export async function pack(from: string, to: string): Promise<void> {
  await mkdir(to, { recursive: true })
  for (const name of await readdir(from)) if (name !== 'lock') await packFile(join(from, name), join(to, name))
}

/** The same of one file. */
export async function packFile(from: string, to: string): Promise<void> {
  await writeFile(`${to}.gz`, gzipSync(await readFile(from), { level: 9 }))
}

/** Puts the folder that is kept at a place where there is nothing. */
export async function unpack({ version, name }: Released, to: string): Promise<void> {
  await mkdir(to)
  const from = placeOf(version, name)
  for (const file of await readdir(from))
    await writeFile(join(to, file.replace(/\.gz$/, '')), gunzipSync(await readFile(join(from, file))))
}

/** Puts its backup or its export at a place where there is nothing. */
export async function unpackFile({ version, name }: Released, what: (typeof beside)[number], to: string) {
  await writeFile(to, gunzipSync(await readFile(`${placeOf(version, name)}.${what}.gz`)))
}

/** Asks again. @returns the question with what is answered now */
export async function askAgain(chat: Chat, asked: Asked): Promise<Asked> {
  const { status, body } = await ask(chat, asked)
  return { ...asked, status, body: withoutPassing(body) }
}

function ask(chat: Chat, { method, url, query, payload, token }: Omit<Asked, 'status' | 'body'>): Promise<Answer> {
  return method === 'GET' ? chat.get(url, query, token) : chat.post(url, payload ?? {}, token)
}

/** Who is connected just now, and where the log is, depend on who has asked before. */
const passing = new Set(['presence', 'event_id'])

function withoutPassing(body: Record<string, unknown>): Record<string, unknown> {
  const lasting = Object.fromEntries(Object.entries(body).filter(([name]) => !passing.has(name)))
  const { events } = lasting
  return Array.isArray(events) ? { ...lasting, events: events.filter((event: object) => 'event_id' in event) } : lasting
}

import type { Bounds } from '../../../schemas/commands.js'
import { ChatError } from '../chat-error.js'
import type { User } from './users.js'

/** Milliseconds. */
const day = 86_400_000
/** What a message, and a member of a room, take in tables, indexes and the log beside a text, about; leaving has its notice. */
const besideBytes = { message: 256, member: 320 }

/** What a user has stored on the latest day that it stored something. */
export interface StoredBytes {
  /** Since the epoch, UTC. */
  readonly day: number
  readonly bytes: number
}

export const bytesOfMessage = (text: string): number => Buffer.byteLength(text) + besideBytes.message

/** With the notice that it is there, and those that its members have left. */
export const bytesOfRoom = (members: number): number => besideBytes.message + members * besideBytes.member

/** @param time In ms since the epoch. @throws {ChatError} storage_used_up */
export function checkStored({ bytes_per_day: most = 0 }: Bounds, user: User, bytes: number, time: number): void {
  if (most === 0 || storedOn(user, time) + bytes <= most) return
  throw new ChatError(
    'storage_used_up',
    `${user.name} may store ${most.toLocaleString('en')} bytes a day (UTC), and has stored ${storedOn(user, time).toLocaleString('en')}.`,
    Math.ceil((day - (time % day)) / 1000),
  )
}

/** @returns whether they are counted. @throws {ChatError} storage_used_up */
export function storeBytes(bounds: Bounds, user: User, bytes: number, time: number): boolean {
  if ((bounds.bytes_per_day ?? 0) === 0) return false
  checkStored(bounds, user, bytes, time)
  user.stored = { day: dayOf(time), bytes: storedOn(user, time) + bytes }
  return true
}

/** Days since the epoch, UTC. */
export const dayOf = (time: number): number => Math.floor(time / day)

const storedOn = ({ stored }: User, time: number): number => (stored?.day === dayOf(time) ? stored.bytes : 0)

import { decimal } from '../base/decimal.js'
import { skeletonOf } from './look-alikes.js'

const ascii = /^[\x20-\x7e]*$/

/** The author of notices; nobody can register it. */
export const serverName = 'server'

const foldCase = (text: string): string => text.toLowerCase().toUpperCase().toLowerCase().normalize('NFKC')

/**
 * What makes two names the same: their compatibility form (NFKC) without regard to case. JavaScript has no case
 * folding; lower, upper and lower again gives the same classes (ẞ, ß and SS are one), and the second round settles
 * what the first has composed.
 */
export function nameKey(name: string): string {
  if (ascii.test(name)) return name.toLowerCase()
  return foldCase(foldCase(name.normalize('NFKC')))
}

/** Whether the name belongs to the server: its own, and those that read like a room's id. */
export const isReserved = (name: string): boolean => meansRoom(name) || nameKey(name) === serverName

const [serverSkeleton, roomSkeleton] = [serverName, 'room_'].map(skeletonOf) as [string, string]

/** Whether the name belongs to the server, or looks as if it did, as it is written or as another that is the same name. */
export const looksReserved = (name: string): boolean =>
  [name, nameKey(name)]
    .map(skeletonOf)
    .some((skeleton) => skeleton === serverSkeleton || skeleton.startsWith(roomSkeleton))

/** Whether the recipient is a room, or would be one if it existed. */
export const meansRoom = (recipient: string): boolean => nameKey(recipient).startsWith('room_')

/** The number in a room's id, or undefined if it is not one. */
export function roomNumber(recipient: string): number | undefined {
  const digits = /^room_([1-9][0-9]*)$/.exec(recipient)?.[1]
  return digits === undefined ? undefined : decimal(digits)
}

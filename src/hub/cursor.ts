import { decimal } from '../base/decimal.js'

/** A place in the order of events. */
export interface Place {
  /** The position of an entry of the log. */
  readonly position: number
  /** Which of the events of the entry, from 0; behind all of them where there is none. */
  readonly index: number
}

const form = /^(\w+)-(\d+)(?:\.(\d+))?$/

/** Whether a text is a cursor at all, of whatever log. */
export const isCursor = (text: string): boolean => form.test(text)

/** So much of an epoch tells one log from another. */
const nameLength = 8

/** Writes and reads the cursors of a log: its epoch, a position, and the event of the entry where it is not the last. */
export class Cursors {
  /** @param log Its epoch is known once it is open. */
  constructor(private readonly log: { readonly epoch: string }) {}

  /** @param index Which event of the entry; behind all of them without it. */
  write(position: number, index?: number): string {
    return index === undefined ? `${this.name}-${position}` : `${this.name}-${position}.${index}`
  }

  /** The place behind which a cursor stands; undefined if it is of another log. */
  read(cursor: string): Place | undefined {
    const [, name, ...numbers] = form.exec(cursor) ?? []
    const [position, index] = numbers.map((text) => (text === undefined ? Infinity : decimal(text)))
    if (name !== this.name || position === undefined || index === undefined) return undefined
    return { position, index }
  }

  private get name(): string {
    return this.log.epoch.slice(0, nameLength)
  }
}

/** Whether one place is behind another. */
export const isBehind = (one: Place, other: Place): boolean =>
  one.position > other.position || (one.position === other.position && one.index > other.index)

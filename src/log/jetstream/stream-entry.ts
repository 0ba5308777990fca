import type { Draft } from '../group-bytes.js'
import type { Entry, Payload, Writer } from '../log.js'
import { cursorText } from './cursor.js'
import type { Origins } from './origins.js'

/** A group at its place in a stream. */
export interface GroupPlace {
  readonly sequence: number
  /** How many entries it has. */
  readonly count: number
  readonly writer: Writer
  /** Whose groups have been read, this one included. */
  readonly origins: Origins
}

/** An entry of a group. Its cursor is made when it is asked for, which is seldom. */
export class StreamEntry implements Entry {
  readonly at: number
  readonly id: string
  readonly writer: Writer
  readonly payload: Payload
  readonly #group: GroupPlace
  readonly #index: number

  constructor(
    readonly position: number,
    { at, id, payload }: Draft,
    group: GroupPlace,
    index: number,
  ) {
    this.at = at
    this.id = id
    this.writer = group.writer
    this.payload = payload
    this.#group = group
    this.#index = index
  }

  get cursor(): string {
    const { sequence, count, origins } = this.#group
    return cursorText({ sequence, index: this.#index === count - 1 ? undefined : this.#index, origins })
  }
}

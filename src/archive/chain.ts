import type { Target } from '../chat/ports.js'
import { damaged } from '../base/data-error.js'
import type { MessageRow } from './archive-rows.js'

/** Holds what is read of a range to what each message says of the one before it: no index and no tree can hide any. */
export class Chain {
  /** The newest message of each target that has been read. */
  private readonly latest = new Map<number, number>()

  constructor(
    private readonly file: string,
    private readonly targets: readonly Target[],
  ) {
    for (const { target, after } of targets) this.latest.set(target, after)
  }

  /** @throws {DataError} if the message is of another target, or one is missing before it */
  add({ id, target, previous }: MessageRow): void {
    const latest = this.latest.get(target)
    if (latest === undefined) throw damaged(this.file, `message ${id} stands where it does not belong`)
    if (previous > latest) throw missing(this.file, previous)
    this.latest.set(target, id)
  }

  /** To be called when there are no more. @throws {DataError} if one is missing at the end */
  end(): void {
    for (const { target, newest } of this.targets)
      if (newest > (this.latest.get(target) ?? 0)) throw missing(this.file, newest)
  }
}

const missing = (file: string, id: number) => damaged(file, `message ${id} is missing`)

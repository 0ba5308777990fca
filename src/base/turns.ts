import { setImmediate } from 'node:timers/promises'

/**
 * What is done in one go: so many pieces of work, or as many as take so many ms. A piece may leave as much again for the end
 * of the turn, where answers are written and promises go on; so both together stay within 20 ms.
 */
const most = { pieces: 256, ms: 4 }
/** Pieces between two looks at the clock. */
const lookEvery = 8

/**
 * Does something with each, some of them in a turn of the event loop: others have their turns between. It begins at once, and
 * does what is added meanwhile, too, where the items are those of a set or a map.
 */
export async function inTurns<T>(items: Iterable<T>, act: (item: T) => void): Promise<void> {
  let [pieces, end] = [0, performance.now() + most.ms]
  for (const item of items) {
    if (pieces === most.pieces || (pieces % lookEvery === 0 && performance.now() > end)) {
      await setImmediate()
      pieces = 0
      end = performance.now() + most.ms
    }
    act(item)
    pieces++
  }
}

/** All members of sets, one set after the other: those that are deleted before it is their turn are left out. */
export function* each<T>(sets: readonly ReadonlySet<T>[]): Generator<T> {
  for (const set of sets) yield* set
}

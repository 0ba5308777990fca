/** Numbers from 0 to below 1, the same for the same seed (mulberry32). */
export function randomOf(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let bits = Math.imul(state ^ (state >>> 15), 1 | state)
    bits = (bits + Math.imul(bits ^ (bits >>> 7), 61 | bits)) ^ bits
    return ((bits ^ (bits >>> 14)) >>> 0) / 2 ** 32
  }
}

/** The seed to repeat a failure with, by `SEED` in the environment; a new one without it. */
export const chosenSeed = (): number => Number(process.env['SEED'] ?? Math.floor(Math.random() * 2 ** 31))

/** As many rounds as a change has to pass; or all of them, which take hours, with `FAULTS=all` in the environment. */
export const rounds = (few: number, all: number): number => (process.env['FAULTS'] === 'all' ? all : few)

/** As many runs of a property of fast-check. What fails says its seed, which `SEED` names to repeat it. */
export const runs = (few: number, all: number) => ({
  numRuns: rounds(few, all),
  ...(process.env['SEED'] !== undefined && { seed: chosenSeed() }),
})

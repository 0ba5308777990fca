/** A timer does not take more, in ms. */
const longest = 2 ** 31 - 1

/** Waits so many ms. */
export const delay = (ms: number): Promise<void> =>
  ms > 0 ? new Promise((resolve) => setTimeout(resolve, ms)) : Promise.resolve()

/** A wait that can be cut short. */
export class Pause {
  #end = (): void => undefined

  /** Waits so many ms, unless somebody knows better. */
  wait(ms: number): Promise<void> {
    return new Promise((resolve) => {
      this.#end = () => {
        clearTimeout(timer)
        resolve()
      }
      const timer = setTimeout(this.#end, Math.min(ms, longest))
    })
  }

  end(): void {
    this.#end()
  }
}

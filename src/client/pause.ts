/** What a page in a browser has, and Node.js has not. */
const page = globalThis as unknown as Partial<Pick<EventTarget, 'addEventListener' | 'removeEventListener'>>

/** A timer does not take more, in ms. */
const longest = 2 ** 31 - 1

/** Waits so many ms. */
export const delay = (ms: number): Promise<void> =>
  ms > 0 ? new Promise((resolve) => setTimeout(resolve, ms)) : Promise.resolve()

/** A wait that can be cut short. */
export class Pause {
  #end = (): void => undefined

  /** Waits so many ms, but not when the browser is online again, or somebody knows better. */
  wait(ms: number): Promise<void> {
    return new Promise((resolve) => {
      this.#end = () => {
        clearTimeout(timer)
        page.removeEventListener?.('online', this.#end)
        resolve()
      }
      const timer = setTimeout(this.#end, Math.min(ms, longest))
      page.addEventListener?.('online', this.#end)
    })
  }

  end(): void {
    this.#end()
  }
}

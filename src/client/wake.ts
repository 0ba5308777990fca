/** What a page in a browser has, and Node.js has not. */
const page = globalThis as unknown as Partial<Pick<EventTarget, 'addEventListener' | 'removeEventListener'>> & {
  readonly document?: { readonly hidden: boolean }
}

/** After these the network may be another one, or the machine has slept. */
const awakenings = ['online', 'visibilitychange']

/** Calls back whenever what was open before may be dead, though nobody has said so. Returns what ends that. */
export function onWake(callback: () => void): () => void {
  const wake = (): void => {
    if (!page.document?.hidden) callback()
  }
  for (const type of awakenings) page.addEventListener?.(type, wake)
  return () => {
    for (const type of awakenings) page.removeEventListener?.(type, wake)
  }
}

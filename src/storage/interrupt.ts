const signals = { SIGINT: 2, SIGTERM: 15, SIGHUP: 1 } as const

/**
 * Removes what is not whole when the process is told to stop, by Ctrl-C as well; then it ends, as it would have.
 * @returns what ends the care
 */
export function onInterrupt(cleanUp: () => void): () => void {
  const handlers = Object.entries(signals).map(([signal, number]) => {
    const stop = (): void => {
      cleanUp()
      process.exit(128 + number)
    }
    process.once(signal, stop)
    return [signal, stop] as const
  })
  return () => {
    for (const [signal, stop] of handlers) process.off(signal, stop)
  }
}

/** A place at which reading is held up until it is let through. */
export function gate() {
  let letThrough!: () => void
  const opened = new Promise<void>((resolve) => {
    letThrough = resolve
  })
  return { letThrough, pause: () => opened }
}

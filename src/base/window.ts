/** How much of what was told is kept, for those who come back. */
export interface Window {
  readonly entries: number
  /** Milliseconds. */
  readonly age: number
}

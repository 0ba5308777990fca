/** How patient the client is, in ms. */
export interface Timing {
  /** How long a transport may take to bring `hello`, for which a server may wait five seconds itself, before the next one is tried. */
  readonly patience: number
  /** How long the first pause is at most, after a connection or a try to send has failed; each further one is up to twice as long. */
  readonly retry: number
  /** How long any pause is at most, but where the server says how long. After a restart all are back within that time, and a try. */
  readonly longestRetry: number
  /** How long to stay with a transport that is not the best, before the better ones are tried again; later for longer. */
  readonly improve: number
  /** How long a request that sends a message may take. */
  readonly answer: number
}

export const standardTiming: Timing = {
  patience: 7000,
  retry: 500,
  longestRetry: 4000,
  improve: 30_000,
  answer: 30_000,
}

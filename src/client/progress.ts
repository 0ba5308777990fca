/** How far the client has come: the newest `event_id` that it was given, behind which its reads are to be answered. */
export class Progress {
  #newest: string | undefined
  /** Whether a server has answered a write with one: older servers do not, and know nothing of what a read waits for. */
  #isTold = false

  /** What a read is to say, if the server knows that. */
  get afterEventId(): string | undefined {
    return this.#isTold ? this.#newest : undefined
  }

  /** Takes in what a write was answered. */
  wrote(eventId: unknown): void {
    if (typeof eventId !== 'string') return
    this.#isTold = true
    this.saw(eventId)
  }

  /** Takes in the place of an event. Answers and events overtake each other: the newest stays. */
  saw(eventId: string): void {
    if (this.#newest === undefined || !isBefore(eventId, this.#newest)) this.#newest = eventId
  }

  /** The log is another one, or not as it was. */
  restart(eventId: string): void {
    this.#newest = eventId
  }
}

/** Whether one is before another of the same log. Of a form that is not known, the latest is taken for the newest. */
function isBefore(one: string, other: string): boolean {
  const [log, position] = partsOf(one)
  const [otherLog, otherPosition] = partsOf(other)
  return log === otherLog && Number(position) < Number(otherPosition)
}

const partsOf = (eventId: string): string[] => /^(\w+)-(\d+)/.exec(eventId)?.slice(1) ?? []

import type { Entry, Log, Opening, Payload } from '../../src/log/log.js'

export const writer = { vocabulary: 7, program: '1.2.3' }

/** Bytes that are a text, which is more than a log knows. */
export const textPayload = (text: string): Payload => ({ bytes: Buffer.from(text) })
export const textOf = ({ bytes }: Payload): string => Buffer.from(bytes).toString()

/** Applies by remembering. */
export class Recorder {
  readonly entries: Entry[] = []
  readonly texts = () => this.entries.map(({ payload }) => textOf(payload))
  /** What must be the same whenever and by whom it is read. */
  readonly facts = () => this.entries.map(({ payload, ...rest }) => ({ ...rest, text: textOf(payload) }))

  readonly apply = (entry: Entry): unknown => {
    this.entries.push(entry)
    return `${entry.position} ${textOf(entry.payload)}`
  }
}

/** Opens a log, with one who applies, and with a way to append a text. */
export async function opened<L extends Log>(log: L, opening: Partial<Opening> = {}) {
  const recorder = new Recorder()
  await log.open(recorder.apply, { writer, ...opening })
  return { log, recorder, append: (text: string) => log.append(textPayload(text)) }
}

export const numbered = (count: number): string[] => Array.from({ length: count }, (_, index) => String(index))

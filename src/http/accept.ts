/** How much a client wants a media type. */
export interface Preference {
  /** From 0 to 1; 0 is not at all. */
  readonly weight: number
  /** Whether the client names the type itself, and not only a range that has it. */
  readonly isNamed: boolean
}

const unwanted: Preference = { weight: 0, isNamed: false }

/**
 * What an `Accept` says of a media type: of the ranges that have the type, the most specific counts (RFC 9110 section
 * 12.5.1). Without the header everything is welcome.
 */
export function preferenceFor(type: string, accept = '*/*'): Preference {
  const weights = new Map(accept.toLowerCase().split(',').map(weightOfRange))
  const ranges = [type, `${type.split('/', 1)[0] ?? ''}/*`, '*/*']
  const range = ranges.find((candidate) => weights.has(candidate))
  return range === undefined ? unwanted : { weight: weights.get(range) ?? 0, isNamed: range === type }
}

function weightOfRange(text: string): [range: string, weight: number] {
  const [range = '', ...parameters] = text.split(';').map((part) => part.trim())
  const weight = parameters.find((parameter) => parameter.startsWith('q='))?.slice('q='.length)
  return [range, weight === undefined ? 1 : Number(weight) || 0]
}

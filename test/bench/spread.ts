/** Many measurements of the same thing. */
export interface Spread {
  readonly median: number
  readonly least: number
  readonly most: number
}

/** Of no values it is not a number. */
export function spreadOf(values: readonly number[]): Spread {
  const sorted = values.toSorted((a, b) => a - b)
  const at = (index: number) => sorted[index] ?? Number.NaN
  const middle = (sorted.length - 1) / 2
  return { median: (at(Math.floor(middle)) + at(Math.ceil(middle))) / 2, least: at(0), most: at(sorted.length - 1) }
}

/** Three significant digits, without an exponent. */
export const short = (value: number): string =>
  Math.abs(value) >= 100
    ? Math.round(value).toLocaleString('en')
    : Number(value.toPrecision(2 + Number(Math.abs(value) >= 1))).toString()

/** `0.71 (0.66 to 0.74)`; nothing if nothing was measured. */
export const shown = ({ median, least, most }: Spread): string =>
  Number.isNaN(median) ? '' : `${short(median)} (${short(least)} to ${short(most)})`

/** Decimal digits as one writes them: no sign, no point, no exponent, nothing before the first digit that counts. */
const digits = /^(?:0|[1-9]\d{0,15})$/

/** The number that a text is, exactly; undefined if it is not one from 0 to 2^53 - 1 in decimal digits. */
export function decimal(text: string): number | undefined {
  const number = digits.test(text) ? Number(text) : undefined
  return Number.isSafeInteger(number) ? number : undefined
}

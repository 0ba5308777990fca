/** More than the longest line has, in UTF-16 units. */
const longest = 2 ** 24

/** The lines of a text in UTF-8, as many at a time as come in one piece. */
export async function* linesOf(
  source: AsyncIterable<Uint8Array>,
  wrong: (problem: string) => never,
): AsyncGenerator<string[]> {
  const decoder = new TextDecoder('utf-8', { fatal: true })
  const decode = (bytes?: Uint8Array): string => {
    try {
      return decoder.decode(bytes, { stream: bytes !== undefined })
    } catch {
      return wrong('here or soon after it is no UTF-8')
    }
  }
  let rest = ''
  for await (const bytes of source) {
    const lines = (rest + decode(bytes)).split('\n')
    rest = lines.pop() ?? ''
    if (rest.length > longest) wrong('here or soon after it a line is longer than any that is exported')
    yield lines
  }
  rest += decode()
  if (rest !== '') yield [rest]
}

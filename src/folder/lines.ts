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
    yield lines
  }
  rest += decode()
  if (rest !== '') yield [rest]
}

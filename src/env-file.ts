const assignment = /^(?:export\s+)?([\w.-]+)\s*=\s*(.*)$/
const quotes = ['"', "'", '`']

/** A line that cannot be read, and what it should be. It may hold a secret, so nothing of it is said. */
interface BadLine {
  readonly number: number
  readonly wrong: string
}

export interface EnvFile {
  readonly values: Readonly<Record<string, string>>
  readonly badLines: readonly BadLine[]
}

interface Value {
  /** Undefined if it is not to be understood. */
  readonly value?: string
  readonly wrong?: string
  /** Lines behind the first that belong to it. */
  readonly more?: number
}

/**
 * Reads `NAME=value` lines as `util.parseEnv` of Node.js does, but for what that passes over: a line that is none, which it
 * takes for the beginning of the next, a quote that is not closed, and what follows a value.
 */
export function parseEnvFile(text: string): EnvFile {
  const lines = text.split(/\r?\n/)
  const values: Record<string, string> = {}
  const badLines: BadLine[] = []
  for (let i = 0; i < lines.length; i++) {
    const line = (lines[i] as string).trimStart()
    if (line === '' || line.startsWith('#')) continue
    const [, name, rest = ''] = assignment.exec(line) ?? []
    const { value, wrong, more = 0 } = name === undefined ? noAssignment : readValue(rest, lines.slice(i + 1))
    if (name !== undefined && value !== undefined) values[name] = value
    else badLines.push({ number: i + 1, wrong: wrong ?? '' })
    i += more
  }
  return { values, badLines }
}

const noAssignment: Value = { wrong: 'is not NAME=value' }

/** @param following The lines behind that of the value. */
function readValue(text: string, following: readonly string[]): Value {
  const quote = quotes.find((mark) => text.startsWith(mark))
  if (quote !== undefined) return readQuoted(text.slice(1), quote, following)
  const comment = /(?:^|\s)#/.exec(text)?.index ?? text.length
  const value = text.slice(0, comment).trim()
  if (value.includes('#')) return { wrong: 'has a # in its value: put the value in quotes' }
  return { value }
}

/** @param first What follows the opening quote on its line. */
function readQuoted(first: string, quote: string, following: readonly string[]): Value {
  const inner = [first, ...following]
  const more = inner.findIndex((line) => line.includes(quote))
  if (more === -1) return { wrong: `has a value whose quote ${quote} is not closed` }
  const last = inner[more] as string
  const end = last.indexOf(quote)
  if (!/^\s*(?:#.*)?$/.test(last.slice(end + 1))) return { wrong: 'has more behind the quotes of its value', more }
  const value = [...inner.slice(0, more), last.slice(0, end)].join('\n')
  return { value: quote === '"' ? value.replaceAll(String.raw`\n`, '\n') : value, more }
}

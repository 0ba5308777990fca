/** Bytes that cost as much as their number allows, by what is costly in them: as a body, a frame, or a value in a query. */

/** What an operation takes: its fields that are texts, and those that are lists of texts. */
export interface Fields {
  /** What would be right. */
  readonly right: Readonly<Record<string, unknown>>
  readonly texts: readonly string[]
  readonly lists?: readonly string[]
}

/** Fills so many bytes. */
type Fill = (bytes: number, fields: Fields) => string | Buffer

/** As many as a list of the contract may have. */
const mostItems = 10_000
/** The bytes that are kept for what stands around the costly part. */
const around = 1024

/** Marks of two classes in the wrong order: to sort them takes the square of their number. */
const tower = (bytes: number): string => {
  const half = Math.floor(bytes / 4)
  return `a${'\u0315'.repeat(half)}${'\u0300'.repeat(half)}`
}

const inTexts =
  (text: (bytes: number) => string): Fill =>
  (bytes, { right, texts }) =>
    JSON.stringify({ ...right, ...Object.fromEntries(texts.map((name) => [name, text(share(bytes, texts.length))])) })

const inLists =
  (item: (number: number) => string): Fill =>
  (bytes, { right, lists = [] }) => {
    const size = share(bytes, lists.length)
    return JSON.stringify({ ...right, ...Object.fromEntries(lists.map((name) => [name, listOf(size, item)])) })
  }

function listOf(sizeBytes: number, item: (number: number) => string): string[] {
  const items: string[] = []
  for (
    let length = 0;
    length < sizeBytes && items.length < mostItems;
    length += Buffer.byteLength(items.at(-1) ?? '') + 3
  )
    items.push(item(items.length))
  return items
}

const share = (bytes: number, count: number): number => Math.floor((bytes - around) / count)

const repeated = (part: string): Fill => {
  const size = Buffer.byteLength(part)
  return (bytes) => `[${part.repeat(Math.floor((bytes - around) / size))}0]`
}

const nested =
  (open: string, close: string): Fill =>
  (bytes) => {
    const depth = Math.floor((bytes - around) / (open.length + close.length))
    return `${open.repeat(depth)}0${close.repeat(depth)}`
  }

const withKeys =
  (key: (number: number) => string): Fill =>
  (bytes) => {
    const fields: string[] = []
    for (let length = 0; length < bytes - around; length += (fields.at(-1) ?? '').length + 1)
      fields.push(`"${key(fields.length)}":0`)
    return `{${fields.join(',')}}`
  }

/** A letter that is one character, and eighteen in its compatibility form. */
const ligature = '\ufdfa'
const base36 = (number: number): string => number.toString(36)

export const worstBodies: Readonly<Record<string, Fill>> = {
  'marks in texts': inTexts(tower),
  'marks in lists': inLists((number) => `${tower(100)}${number}`),
  'blanks in texts': inTexts((bytes) => '\u2800'.repeat(bytes / 3)),
  'blanks of the right length': inTexts((bytes) => '\u2800'.repeat(Math.min(4000, bytes / 3))),
  'long names in lists': inLists((number) => `${ligature.repeat(26)}${number}`),
  'other letters in lists': inLists((number) => `é${base36(number)}`),
  'letters in lists': inLists(base36),
  'numbers as texts in lists': inLists(String),
  'one long text in lists': inLists(() => 'x'.repeat(200_000)),
  'distinct fields': withKeys((number) => `k${base36(number)}`),
  'numbers as fields': withKeys((number) => String(number * 7919)),
  'a long field': (bytes) => `{"${'~/'.repeat(bytes / 2 - around)}":0}`,
  'nested lists': nested('[', ']'),
  'nested objects': nested('{"a":', '}'),
  'empty lists': repeated('[],'),
  'empty objects': repeated('{},'),
  'small objects': repeated('{"a":0},'),
  zeros: repeated('0,'),
  'numbers between two': repeated(`1.00000000000000011102230246251565404236316680908203125,`),
  'a long number': (bytes) => '1'.repeat(bytes - around),
  escapes: inTexts((bytes) => '\u0001'.repeat(bytes / 6)),
  'half a character': inTexts((bytes) => '\ud800'.repeat(bytes / 6)),
  'no UTF-8': (bytes) => Buffer.alloc(bytes - around, 0xff),
  'what decoding puts there': inTexts((bytes) => '\ufffd'.repeat(bytes / 3)),
}

/** The same for what is in a query: its name and value are text. */
export const worstQueries: Readonly<Record<string, (bytes: number, names: readonly string[]) => string>> = {
  marks: (bytes, names) =>
    names.map((name) => `${name}=${encodeURIComponent(tower(share(bytes, names.length) / 3))}`).join('&'),
  digits: (bytes, names) => names.map((name) => `${name}=${'1'.repeat(share(bytes, names.length))}`).join('&'),
  'distinct parameters': (bytes) => Array.from({ length: bytes / 6 }, (_, number) => base36(number)).join('&'),
  'one parameter': (bytes, [name = '']) =>
    Array.from({ length: bytes / (name.length + 3) }, () => `${name}=1`).join('&'),
  percents: (bytes, [name = '']) => `${name}=${'%'.repeat(bytes - around)}`,
}

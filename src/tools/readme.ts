import { readdir } from 'node:fs/promises'
import { errors } from '../../schemas/errors.js'
import { fixed } from '../../schemas/limits.js'
import { SettingsSchema } from '../../schemas/settings.js'
import { whoMay, type Relation } from '../chat/who-may.js'
import { closeCodesTable } from '../http/close-codes-table.js'
import { configurations, proxies } from '../doctor/remedies.js'
import { code, table } from '../http/markdown.js'

/** The parts of README.md and the pages beside it, and the whole of .env.example, that follow from the sources. */

type Schema = Readonly<Record<string, unknown>>

const settings = Object.entries<Schema>(SettingsSchema.properties)

const number = (value: unknown): string => Number(value).toLocaleString('en')

/** What a setting may be, and its unit; nothing where its description has to say it. */
function valuesOf({ enum: values, type, minimum, maximum, unit }: Schema): string {
  if (Array.isArray(values)) return values.map(code).join(', ')
  if (type !== 'integer') return ''
  return `${number(minimum)} to ${number(maximum)}${typeof unit === 'string' ? ` ${unit}` : ''}`
}

const settingsTable = (): string =>
  table(
    ['Setting', 'Default', 'Values', 'What it is'],
    settings.map(([name, schema]) => [
      code(name),
      schema['default'] === '' ? '' : code(schema['default']),
      valuesOf(schema),
      String(schema['description']),
    ]),
  )

const errorsTable = (): string =>
  table(
    ['Code', 'Status', 'Retry', 'When'],
    Object.entries(errors)
      .toSorted(([, one], [, other]) => one.status - other.status)
      .map(([name, { status, retry, when }]) => [code(name), String(status), retry ? 'yes' : 'no', when]),
  )

const limitsTable = (): string =>
  table(
    ['What', 'Limit'],
    [
      ['`username`', `1 to ${fixed.usernameLength} characters`],
      ['`password`', `${fixed.passwordLength.min} to ${fixed.passwordLength.max} characters`],
      ['`client_id`', `1 to ${fixed.clientIdLength} characters`],
      ["A room's `name`, `topic`", `1 to ${fixed.roomName}, 1 to ${fixed.roomTopic} characters`],
      ['`limit`: rows of a page', `1 to ${number(fixed.page.max)}; ${number(fixed.page.unpaged)} if left out`],
      ['`after_event_id` of a read', `waited for ${fixed.catchUp} seconds at most`],
      ['`wait` of a long poll', `0 to ${fixed.wait} seconds, of which it holds ${fixed.hold} at most`],
    ],
  )

const relations = ['anybody', 'user', 'member', 'admin', 'self', 'operator'] as const satisfies readonly Relation[]

const whoMayTable = (): string =>
  table(
    ['Act', ...relations],
    Object.entries<readonly Relation[]>(whoMay).map(([act, allowed]) => [
      act.replaceAll('_', ' '),
      ...relations.map((relation) => (allowed.includes(relation) ? 'yes' : '')),
    ]),
  )

const proxySections = Object.fromEntries(
  proxies.map((proxy) => [proxy.toLowerCase(), () => fenced(configurations[proxy](80, 5003))]),
)

const fenced = (text: string): string => `\`\`\`text\n${text}\`\`\``

const sections: Readonly<Record<string, () => string>> = {
  limits: limitsTable,
  settings: settingsTable,
  errors: errorsTable,
  'close-codes': closeCodesTable,
  'who-may': whoMayTable,
  ...proxySections,
}

/**
 * A page with what follows from the sources as they are now: each part stands between `<!-- name -->` and
 * `<!-- /name -->`. What the benchmarks have measured is put in by hand.
 */
export const withCurrentParts = (page: string): string =>
  page.replaceAll(/^<!-- ([a-z-]+) -->\n(.*?)^<!-- \/\1 -->$/gms, (part, name: string) => {
    const write = sections[name]
    return write ? `<!-- ${name} -->\n${write()}\n<!-- /${name} -->` : part
  })

/** The paths of all pages, from the root. */
export const pages = async (root: URL): Promise<string[]> => {
  const names = await readdir(new URL('openapi/', root))
  return ['README.md', ...names.filter((name) => name.endsWith('.md')).map((name) => `openapi/${name}`)]
}

/** The names of the parts of pages that follow from the sources. */
export const partNames = Object.keys(sections)

const environmentHead = `# Every setting with its default. Copy this file to .env and take away the # of what you change.
# Written by \`npm run openapi\` from schemas/settings.ts.
`

/** .env.example: every setting, commented out, with its default. */
export function environmentExample(): string {
  const entries = settings.map(([name, schema]) => {
    const values = valuesOf(schema).replaceAll('`', '')
    return [
      `# ${String(schema['description']).replaceAll('`', '')}`,
      ...(values === '' ? [] : [`# ${values}`]),
      `#${name}=${String(schema['default'])}`,
      '',
    ].join('\n')
  })
  return [environmentHead, ...entries].join('\n')
}

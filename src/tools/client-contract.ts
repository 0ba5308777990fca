import openapiTS, { astToString } from 'openapi-typescript'
import { errorCodes, errors } from '../../schemas/errors.js'

/** What src/client/contract/ has from the contract. */

interface Operation {
  readonly operationId: string
  readonly summary: string
  readonly description: string
  readonly parameters?: readonly { readonly $ref?: string }[]
  readonly responses: Readonly<Record<string, unknown>>
}

interface Document {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>
}

const head = '// Written by `npm run openapi`, from the contract.\n\n'

/** The files by name, of the published document. */
export const clientContract = async (document: string): Promise<Readonly<Record<string, string>>> => ({
  'paths.ts': head + astToString(await openapiTS(withKnownEvents(document))),
  'routes.ts': head + routesText(JSON.parse(document) as Document),
  'failures.ts': head + failuresText(),
})

/** Without the branch of an event for what is not known: beside it, TypeScript tells no event by its type. */
const withKnownEvents = (document: string): string =>
  JSON.stringify(JSON.parse(document), (key, value: unknown) =>
    key === 'anyOf'
      ? (value as readonly { $ref: string }[]).filter(({ $ref }) => !$ref.endsWith('/UnknownEvent'))
      : value,
  )

function routesText({ paths }: Document): string {
  const calls = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods)
      .filter(([, operation]) => isCall(operation))
      .map(([method, operation]) => ({ method: method.toUpperCase(), path, operation })),
  )
  const routes = calls.map(({ method, path, operation }) => routeText(method, path, operation))
  const reads = calls.flatMap(({ operation }) => (isRead(operation) ? [`  '${operation.operationId}',\n`] : []))
  return [
    `/** The method and the path of each operation. */\nexport const routes = {\n${routes.join('')}} as const\n`,
    `/** Those that may say \`after_event_id\`. */\nexport const reads: readonly string[] = [\n${reads.join('')}]\n`,
  ].join('\n')
}

const isRead = ({ parameters = [] }: Operation): boolean =>
  parameters.some(({ $ref = '' }) => $ref.endsWith('/AfterEventIdParameter'))

/** Not where success is the beginning of another protocol. */
const isCall = ({ responses }: Operation): boolean => Object.keys(responses).some((status) => status.startsWith('2'))

const routeText = (method: string, path: string, { operationId, summary, description }: Operation): string =>
  [
    '  /**',
    `   * ${summary}.`,
    '   *',
    ...description.split('\n').map((line) => `   * ${line.replaceAll('*/', '*\\/')}`.trimEnd()),
    '   */',
    `  ${operationId}: ['${method}', '${path}'],`,
    '',
  ].join('\n')

const failuresText = (): string =>
  [
    '/** The HTTP status of each failure of the catalogue. */',
    'export const statuses = {',
    ...errorCodes.map((code) => `  ${code}: ${errors[code].status},`),
    '} as const',
    '',
    '/** After these the same request may succeed later, without being changed. */',
    'export const temporary: readonly string[] = [',
    ...errorCodes.filter((code) => errors[code].retry).map((code) => `  '${code}',`),
    ']',
    '',
  ].join('\n')

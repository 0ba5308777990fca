import ajvCompiler from '@fastify/ajv-compiler'
import { formats } from '../../schemas/formats.js'

/** `coerceTypes: 'array'` parses text to the type that is declared, and one value to a list of one where that is declared. */
const options = (coerceTypes: false | 'array') => ({
  coerceTypes,
  removeAdditional: false,
  useDefaults: coerceTypes !== false,
  allErrors: true,
  discriminator: true,
  // Keeps the value with each error, so that a format can say in its own words what is wrong.
  verbose: true,
  formats: Object.fromEntries(
    Object.entries(formats).map(([name, check]) => [name, (text: string) => check(text) === undefined]),
  ),
})

const isBody = ({ httpPart }: { httpPart: string }): boolean => httpPart === 'body'

/**
 * Fastify's factory of validator compilers. Bodies are JSON, so nothing in them is coerced; queries, parameters and
 * headers are text, so they are parsed. Neither drops what it does not know.
 */
export function buildValidator(...[externalSchemas]: Parameters<ReturnType<typeof ajvCompiler>>) {
  const build = ajvCompiler()
  const body = build(externalSchemas, { customOptions: options(false) })
  const text = build(externalSchemas, { customOptions: options('array') })
  // The types speak of a schema; what is called for is a route's part.
  const compile = (route: ajvCompiler.RouteDefinition) => (isBody(route) ? body(route as never) : text(route as never))
  return compile as typeof body
}

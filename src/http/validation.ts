import ajvCompiler from '@fastify/ajv-compiler'
import { formats } from '../../schemas/formats.js'

/** `coerceTypes: 'array'` parses text to the type that is declared, and one value to a list of one where that is declared. */
const options = (coerceTypes: false | 'array', allErrors: boolean) => ({
  coerceTypes,
  removeAdditional: false,
  useDefaults: coerceTypes !== false,
  allErrors,
  discriminator: true,
  // Keeps the value with each error, so that a format can say in its own words what is wrong.
  verbose: true,
  formats: Object.fromEntries(
    Object.entries(formats).map(([name, check]) => [name, (text: string) => check(text) === undefined]),
  ),
})

const isBody = ({ httpPart }: { httpPart: string }): boolean => httpPart === 'body'

type Compile = ReturnType<ReturnType<typeof ajvCompiler>>
type Validate = ReturnType<Compile>

/** Makes a validator compiler, once for each set of schemas and options: that takes longer than all else of a start. */
const compilerFor = ajvCompiler()

/**
 * Fastify's factory of validator compilers. Bodies are JSON, so nothing in them is coerced; queries, parameters and
 * headers are text, so they are parsed. Neither drops what it does not know.
 */
export function buildValidator(...[externalSchemas]: Parameters<ReturnType<typeof ajvCompiler>>): Compile {
  const build = (coerceTypes: false | 'array', allErrors: boolean): Compile =>
    compilerFor(externalSchemas, { customOptions: options(coerceTypes, allErrors) })
  const first = build(false, false)
  const text = build('array', true)
  // The types speak of a schema; what is called for is a route's part.
  const compile = (route: unknown) =>
    isBody(route as ajvCompiler.RouteDefinition)
      ? explained(first(route as never), () => build(false, true)(route as never))
      : text(route as never)
  return compile as Compile
}

/** More parts than this, and only the first thing that is wrong with a body is told. */
const fewParts = 100

/**
 * Stops at the first error, and looks for the others only in a body of few parts: a quarter of a megabyte of things that
 * do not fit would keep the server from everybody else while each is described. What looks for them is compiled when it
 * is first needed.
 */
function explained(first: Validate, compileAll: () => Validate): Validate {
  let all: Validate | undefined
  const validate = (body: unknown): boolean => {
    if (first(body) === true) return true
    all ??= compileAll()
    const whole = hasFewParts(body) && all(body) !== true
    Object.assign(validate, { errors: (whole ? all : first).errors })
    return false
  }
  return validate as Validate
}

const hasFewParts = (body: unknown): boolean =>
  typeof body !== 'object' || body === null || [body, ...Object.values(body)].every((part) => sizeOf(part) <= fewParts)

const sizeOf = (part: unknown): number => (typeof part === 'object' && part !== null ? Object.keys(part).length : 0)

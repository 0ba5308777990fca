import ajvCompiler from '@fastify/ajv-compiler'
import type { TSchema } from '@sinclair/typebox'
import { formats, type Format } from '../../schemas/formats.js'
import { numberReader } from './query-numbers.js'

const options = (allErrors: boolean) => ({
  customOptions: {
    coerceTypes: false as const,
    removeAdditional: false,
    useDefaults: true,
    allErrors,
    discriminator: true,
  },
  onCreate: judgeLengthFirst,
})

type Compile = ReturnType<ReturnType<typeof ajvCompiler>>
type Validate = ReturnType<Compile>

/** Makes a validator compiler, once for each set of schemas and options: that takes longer than all else of a start. */
const compilerFor = ajvCompiler()

/**
 * Fastify's factory of validator compilers. Bodies are JSON, so nothing in them is coerced; queries and parameters are text,
 * so their numbers are read. Neither drops what it does not know.
 */
export function buildValidator(...[externalSchemas]: Parameters<ReturnType<typeof ajvCompiler>>): Compile {
  const build = (allErrors: boolean): Compile => compilerFor(externalSchemas, options(allErrors))
  // The types speak of a schema; what is called for is a route's part.
  const compile = (route: unknown) => {
    const { httpPart, schema } = route as { readonly httpPart: string; readonly schema: TSchema }
    const validate = explained(build(false)(route as never), () => build(true)(route as never))
    return httpPart === 'body' ? validate : after(numberReader(schema, externalSchemas), validate)
  }
  return compile as Compile
}

/** Does something with the input before it is judged. */
function after(prepare: (input: unknown) => void, validate: Validate): Validate {
  const prepared = (input: unknown) => {
    prepare(input)
    const isRight = validate(input)
    Object.assign(prepared, { errors: validate.errors })
    return isRight
  }
  return prepared as Validate
}

/** More parts than this, and only the first thing that is wrong with the input is told. */
const fewParts = 100

/**
 * Stops at the first error, and looks for the others only in an input of few parts: a quarter of a megabyte of things that
 * do not fit would keep the server from everybody else while each is described. What looks for them is compiled when it
 * is first needed.
 */
function explained(first: Validate, compileAll: () => Validate): Validate {
  let all: Validate | undefined
  const validate = (input: unknown): boolean => {
    if (first(input) === true) return true
    all ??= compileAll()
    const whole = hasFewParts(input) && all(input) !== true
    Object.assign(validate, { errors: (whole ? all : first).errors })
    return false
  }
  return validate as Validate
}

const hasFewParts = (input: unknown): boolean =>
  sizeOf(input) <= fewParts && (!isObject(input) || Object.values(input).every((part) => sizeOf(part) <= fewParts))

/** The names of a list's places are not made to be counted. */
function sizeOf(part: unknown): number {
  if (Array.isArray(part)) return part.length
  return isObject(part) ? Object.keys(part).length : 0
}

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null

/** UTF-16 code units that a character takes at most. */
const longestCharacter = 2

interface FormatCheck {
  (value: unknown): boolean
  errors?: { keyword: 'format'; message: string }[]
}

/**
 * Asks for the format of a text only where it is not too long, which is told by itself: what a format costs may grow faster
 * than the length, and a validator that looks for all errors does not stop at the first.
 */
function judgeLengthFirst(ajv: ajvCompiler.Ajv): void {
  ajv.removeKeyword('format')
  ajv.addKeyword({
    keyword: 'format',
    // `int64` is one of numbers, which their bounds judge.
    type: ['string', 'number'],
    compile: (format: string, { maxLength = Infinity }) => {
      // Schemas themselves have formats of their own.
      const check = isFormat(format) ? formats[format] : () => undefined
      const longest = longestCharacter * Number(maxLength)
      const validate: FormatCheck = (value) => {
        const problem = typeof value !== 'string' || value.length > longest ? undefined : check(value)
        validate.errors = problem === undefined ? [] : [{ keyword: 'format', message: problem }]
        return problem === undefined
      }
      return validate
    },
  })
}

const isFormat = (name: string): name is Format => name in formats

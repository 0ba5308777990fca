import type { TSchema } from '@sinclair/typebox'
import { decimal } from '../base/decimal.js'

type Schemas = Readonly<Record<string, unknown>>

/** Puts numbers in the place of texts. */
type ReadNumbers = (input: unknown) => void

/**
 * Makes what reads the numbers of a query or a path, where the schema wants such. A text that is none stays, and is told
 * that it does not fit.
 */
export function numberReader({ properties = {} }: TSchema, components: Schemas): ReadNumbers {
  const isNumber = (property: TSchema): boolean => {
    const { type } = typeof property['$ref'] === 'string' ? (components[property['$ref']] as TSchema) : property
    return type === 'integer' || type === 'number'
  }
  const names = Object.entries(properties as Record<string, TSchema>).flatMap(([name, property]) =>
    isNumber(property) ? [name] : [],
  )
  return (input) => {
    const texts = input as Record<string, unknown>
    for (const name of names) {
      const text = texts[name]
      if (typeof text === 'string') texts[name] = decimal(text) ?? text
    }
  }
}

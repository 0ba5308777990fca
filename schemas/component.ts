import { Type, type ObjectOptions, type Static, type TSchema, type TUnsafe } from '@sinclair/typebox'

/** Names a schema: it is published once under `#/components/schemas/<name>` and referred to with {@link ref}. */
export function component<T extends TSchema>(name: string, schema: T): T {
  return { ...schema, $id: name }
}

/** Refers to a named component, keeping its static type. */
export function ref<T extends TSchema>(schema: T): TUnsafe<Static<T>> {
  if (schema.$id === undefined) throw new TypeError('only a component can be referred to')
  return Type.Unsafe<Static<T>>(Type.Ref(schema.$id))
}

/** What a component demands, with a description and examples of its own; nothing can stand beside a reference. */
export function described<T extends TSchema>(
  { $id: _name, examples: _examples, ...demands }: T,
  own: { readonly description: string; readonly examples?: readonly Static<T>[] },
): TUnsafe<Static<T>> {
  return Type.Unsafe<Static<T>>({ ...demands, ...own })
}

/** A string that is one of these; TypeBox's union of literals becomes an `anyOf` that generators name badly. */
export function oneOf<const T extends string>(values: readonly T[], options: object = {}): TUnsafe<T> {
  return Type.Unsafe<T>({ type: 'string', enum: values, ...options })
}

/**
 * A string that is one of these today, and may be another one tomorrow. No `enum`: with one, generated clients refuse a whole
 * answer for a value that they do not know.
 */
export function oneOfSoFar<const T extends string>(values: readonly T[], options: object = {}): TUnsafe<T> {
  return Type.Unsafe<T>({ type: 'string', 'x-extensible-enum': values, ...options })
}

/** The body of a success: `status` and these fields. Open, so that a later version may add to it. */
export function success<T extends Record<string, TSchema>>(fields: T, options: ObjectOptions = {}) {
  const status = Type.Literal('success', { description: 'Tells a success from a failure.' })
  return Type.Object({ status, ...fields }, options)
}

/** Input refuses what it does not know; nothing is dropped in silence. */
export const closed = { additionalProperties: false } as const

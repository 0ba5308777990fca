interface Schema {
  readonly discriminator?: { readonly propertyName: string; mapping?: Record<string, string> }
  readonly oneOf?: readonly { readonly $ref: string }[]
  readonly properties?: Readonly<Record<string, { readonly enum?: readonly unknown[] }>>
}

/**
 * Says of each component that is one of several which value of its discriminator means which of them. Here, because Ajv
 * refuses a schema that says it.
 */
export function mapDiscriminators(components: object): void {
  const schemas = components as Readonly<Record<string, Schema>>
  for (const { discriminator, oneOf = [] } of Object.values(schemas)) {
    if (!discriminator) continue
    const mapped = oneOf.map(({ $ref }) => {
      const [, name = ''] = $ref.split('#/components/schemas/')
      return [schemas[name]?.properties?.[discriminator.propertyName]?.enum?.[0], $ref]
    })
    discriminator.mapping = Object.fromEntries(mapped)
  }
}

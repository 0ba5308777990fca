/** What is needed here of an OpenAPI document while it is made. */

export interface Reference {
  readonly $ref: string
}

export interface Parameter {
  readonly name: string
  description?: string
  example?: unknown
  readonly schema: { readonly $ref?: string }
}

export interface Response {
  readonly description: string
  headers?: Readonly<Record<string, Reference>>
  readonly content?: object
}

export interface Operation {
  readonly operationId: string
  parameters?: (Parameter | Reference)[]
  responses: Record<string, Response | Reference>
}

export interface OpenApi {
  readonly servers: readonly { readonly url: string }[]
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>
  readonly components: {
    readonly schemas: Readonly<Record<string, { readonly description?: string; readonly examples?: unknown[] }>>
    headers?: object
    parameters?: Record<string, Parameter>
    responses?: Record<string, Response>
  }
}

export const operationsOf = ({ paths }: OpenApi): Operation[] =>
  Object.values(paths).flatMap((path) => Object.values(path))

/** The name of a component: `X-Request-Id` and `room_not_found` are `XRequestId` and `RoomNotFound`. */
export const componentName = (name: string): string =>
  name.replaceAll(/(?:^|[-_])([a-zA-Z])/g, (_all, first: string) => first.toUpperCase())

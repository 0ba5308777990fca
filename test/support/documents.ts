import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { root } from '../clients/run-bin.js'
import { inlineParts } from './inline-parts.js'

/** What is needed here of the published documents. */

interface Media {
  readonly schema: { readonly $ref: string }
  readonly examples?: Record<string, unknown>
}

interface Response {
  readonly description: string
  readonly headers?: object
  readonly content: Record<string, Media>
}

export interface Operation {
  readonly operationId?: string
  readonly summary?: string
  readonly description?: string
  readonly tags?: readonly string[]
  readonly security?: readonly Record<string, readonly string[]>[]
  readonly requestBody?: { readonly content: Record<string, Media> }
  readonly responses: Record<string, Response>
}

interface TypeProperty {
  readonly enum?: readonly string[]
  readonly 'x-extensible-enum'?: readonly string[]
  readonly const?: string
}

interface Schema {
  readonly description?: string
  readonly anyOf?: readonly { readonly $ref: string }[]
  readonly properties?: { readonly type?: TypeProperty }
}

export interface Published {
  readonly tags: readonly { readonly name: string }[]
  readonly paths: Record<string, Record<string, Operation>>
  readonly components: { readonly schemas: Record<string, Schema>; readonly securitySchemes: object }
}

interface Message {
  readonly name: string
  readonly payload: { readonly $ref: string }
  readonly examples: readonly { readonly payload: unknown }[]
}

export interface PublishedLive {
  readonly channels: Record<string, { readonly messages: object }>
  readonly operations: object
  readonly components: { readonly schemas: Record<string, Schema>; readonly messages: Record<string, Message> }
}

/** A document of the repository. */
export const committed = (name: string): Promise<string> => readFile(join(root, 'openapi', name), 'utf8')

export const document = inlineParts(JSON.parse(await committed('openapi.json')) as Published)
export const live = JSON.parse(await committed('asyncapi.json')) as PublishedLive

/** The component that is referred to. */
export const componentOf = ({ components }: Published | PublishedLive, { $ref }: { readonly $ref: string }) =>
  components.schemas[$ref.split('/').at(-1) ?? '']

import type { operations } from './contract/paths.js'
import type { routes } from './contract/routes.js'

/** What the operations of the contract take and answer, as methods have it: in one object, wherever it goes. */

export type OperationId = keyof typeof routes

export interface CallOptions {
  /** Gives up: the call rejects with its reason. */
  readonly signal?: AbortSignal | undefined
  /** Instead of the client's own; for the operator's, for instance. */
  readonly token?: string | undefined
}

/** The field that says who acts; where it is left out, it is the client's user. */
export const actors = {
  logout: 'username',
  sendMessage: 'sender',
  pollMessages: 'username',
  createRoom: 'admin',
  leaveRoom: 'username',
  streamEvents: 'username',
  sendTyping: 'username',
} as const satisfies { readonly [Id in OperationId]?: keyof Input<Id> }

/** The body of a success. */
export type Answer<Id extends OperationId> = ContentOf<SuccessOf<operations[Id]['responses']>>

/** Each operation as a method. */
export type Methods = {
  [Id in keyof typeof routes]: (...given: Given<Id>) => Promise<Answer<Id>>
}

type Given<Id extends OperationId> =
  Partial<Asked<Id>> extends Asked<Id>
    ? [input?: Asked<Id>, options?: CallOptions]
    : [input: Asked<Id>, options?: CallOptions]

type Asked<Id extends OperationId> = Flat<Omit<Input<Id>, Actor<Id>> & { [Key in Actor<Id>]?: string | undefined }>

type Actor<Id> = Id extends keyof typeof actors ? (typeof actors)[Id] : never

type Input<Id extends OperationId> = BodyOf<operations[Id]> & QueryOf<operations[Id]> & PathOf<operations[Id]>

type BodyOf<O> = O extends { requestBody: infer Body } ? ContentOf<Body> : unknown

type QueryOf<O> = O extends { parameters: { query?: infer Query } } ? Part<Query> : unknown

type PathOf<O> = O extends { parameters: { path?: infer Path } } ? Part<Path> : unknown

/** Nothing where there is no such part. */
type Part<T> = [NonNullable<T>] extends [never] ? unknown : NonNullable<T>

type SuccessOf<R> = R[keyof R & (200 | 201 | 204)]

type ContentOf<R> = R extends { content: { 'application/json': infer Body } } ? Body : undefined

type Flat<T> = { [Key in keyof T]: T[Key] }

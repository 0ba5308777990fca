import type { components } from './contract/paths.js'

/** The contract's types, by its names. */

type Schemas = components['schemas']

export type Event = Schemas['Event']
export type HelloEvent = Schemas['HelloEvent']
export type Message = Schemas['Message']
export type Room = Schemas['Room']
export type ErrorCode = Schemas['ErrorCode']
export type ErrorDetail = Schemas['ErrorDetail']

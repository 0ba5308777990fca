import type { statuses } from './contract/failures.js'
import type { components } from './contract/paths.js'

/** The contract's types, by its names. */

type Schemas = components['schemas']

/** What has another type than these comes from a newer server: pass over it. */
export type Event = Schemas['Event']
export type HelloEvent = Schemas['HelloEvent']
export type PresenceEvent = Schemas['PresenceEvent']
export type Message = Schemas['Message']
export type Room = Schemas['Room']
/** A newer server may have others. */
export type ErrorCode = keyof typeof statuses | (string & {})
export type ErrorDetail = Schemas['ErrorDetail']

import type { MessageFacts } from './messages/message-json.js'
import { targetOf, type Room } from './tables/rooms.js'
import type { Change } from './tables/table.js'
import type { User } from './tables/users.js'

/** Who is told: users, rooms, or everybody. Nobody may be in two of its parts. */
export type Audience = readonly (User | Room)[] | 'everybody'

/** What an event tells. */
export interface EventContent {
  readonly type: string
  /** The message that it tells of, as it is when it is told, … */
  readonly messageId?: number
  /** … or else what it says: the members of its JSON object after `type`, `event_id` and `at`. */
  readonly body?: object
}

/** What clients are told of something that has happened. */
export interface ChatEvent extends EventContent {
  readonly audience: Audience
}

/** Where an event stands in the order, and when it was. */
export interface EventPlace {
  /** The position of its entry. */
  readonly position: number
  /** Its place among the events of the entry, from 0. */
  readonly index: number
  /** Milliseconds since the epoch. */
  readonly at: number
}

/** An event at its place in the order, as it is kept for those who come back. */
export interface KeptEvent extends EventContent, EventPlace {
  /** Who is told: numbers of users, and minus the numbers of rooms; none is everybody. */
  readonly targets: readonly number[]
}

/** Who is told, as {@link KeptEvent} has it. */
export const targetsOf = (audience: Audience): number[] => (audience === 'everybody' ? [] : audience.map(targetOf))

export const keptEvent = ({ audience, ...content }: ChatEvent, { position, index, at }: EventPlace): KeptEvent => ({
  position,
  index,
  at,
  targets: targetsOf(audience),
  ...content,
})

/** A message that is new, or not as it was. */
export interface MessageChange {
  readonly id: number
  readonly facts: MessageFacts
  /** The message of its target before it; 0 if there is none. Of a new one. */
  readonly previous: number
  /** The place of its event among those of the entry. Of a new one. */
  readonly index: number
  /** What all readers see now, as a JSON object, of one that is not as it was; that of a new one is in memory. */
  readonly record: string | undefined
}

/** Messages up to this one that are gone. */
export interface ExpiredMessages {
  readonly upTo: number
  /** Whose: numbers of users, and minus the numbers of rooms; without them, all. */
  readonly targets?: readonly number[]
}

/** What an entry has come to: all that those need who follow the state. */
export interface Applied {
  readonly position: number
  /** The time of the state, in ms since the epoch. */
  readonly at: number
  readonly outcome: unknown
  readonly changes: readonly Change[]
  readonly messages: readonly MessageChange[]
  readonly expired: readonly ExpiredMessages[]
  readonly events: readonly ChatEvent[]
}

/** Follows the state, entry by entry. */
export interface Projection {
  take(applied: Applied): void
  /** Told of each entry that the state has come to, also of one that was refused. */
  reach?(position: number): void
}

import type { Room } from './state/rooms.js'
import type { User } from './state/users.js'

/** A message at the moment that it is accepted. */
export interface Created {
  readonly id: number
  readonly to: User | Room
  /** The number of the user who sent it; 0 for the server. */
  readonly senderNumber: number
  /** Milliseconds since the epoch. */
  readonly sentAt: number
  readonly clientId?: string | undefined
  readonly contentHash?: string | undefined
}

/** What has happened, for those who listen. An entry's events are published in order, once it has been applied whole. */
export type ChatEvent =
  | { readonly type: 'configured' | 'announced' | 'clock.judged' | 'ids.skipped' }
  | ({ readonly type: 'message.created' } & Created)
  /** Messages up to this one are gone: those of the rooms, or all. */
  | { readonly type: 'messages.expired'; readonly upTo: number; readonly rooms?: readonly Room[] }
  /** `room.updated` is what clients are told of; `room.changed` is not. */
  | { readonly type: 'room.created' | 'room.updated' | 'room.changed' | 'room.removed'; readonly room: Room }
  | { readonly type: 'member.joined' | 'member.left'; readonly user: User; readonly room: Room }
  | { readonly type: 'session.closed'; readonly user: User }
  | { readonly type: 'user.changed' | 'user.removed'; readonly user: User }

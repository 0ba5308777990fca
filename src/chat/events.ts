import type { Room } from './state/rooms.js'
import type { User } from './state/users.js'

/** What has happened, for those who listen. */
export type ChatEvent =
  | { readonly type: 'message.created'; readonly id: number; readonly to: User | Room }
  | { readonly type: 'member.joined' | 'member.left'; readonly user: User; readonly room: Room }
  | { readonly type: 'session.closed'; readonly user: User }
  | { readonly type: 'user.removed'; readonly user: User }

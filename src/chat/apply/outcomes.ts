import type { Command } from '../../../schemas/commands.js'
import type { Sent } from '../state/sent-keys.js'

interface Session {
  readonly username: string
}

/** What each command comes to when it is applied. */
export interface Outcomes extends Record<Command['type'], unknown> {
  configure: undefined
  register: Session
  open_session: Session
  close_session: undefined
  remove_guest: undefined
  touch: undefined
  expire_guests: number
  send: Omit<Sent, 'contentHash'>
  create_room: { readonly roomNumber: number; readonly roomId: string }
  leave_room: undefined
  leave_rooms: undefined
  expire_messages: undefined
  announce: undefined
  judge_clock: undefined
  skip_ids: undefined
}

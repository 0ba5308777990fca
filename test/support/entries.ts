import fc from 'fast-check'
import type { Command } from '../../schemas/commands.js'
import { ChatError } from '../../src/chat/chat-error.js'
import type { ChatState } from '../../src/chat/chat-state.js'
import type { Projection } from '../../src/chat/events.js'
import { boundsOf } from '../../src/settings.js'
import { testSettings } from './chat.js'
import { name } from './steps.js'

const bounds = boundsOf(testSettings())
/** As version 0.1.0 wrote them. */
const {
  rooms_of_others: _others,
  participants_per_user: _users,
  participants_per_guest: _guests,
  bytes_per_day: _bytes,
  ...oldBounds
} = bounds
const number = fc.integer({ min: 1, max: 5 })
const hash = fc.constantFrom('aaaa', 'abbb', 'bbbb', 'cccc')
const command: fc.Arbitrary<Command> = fc.oneof(
  fc.record({ type: fc.constant('register' as const), username: name, token_hash: hash }),
  fc.record({
    type: fc.constant('register' as const),
    username: name,
    token_hash: hash,
    password_hash: fc.constant('$argon2id$'),
  }),
  fc.record({ type: fc.constant('register' as const), username: name, token_hash: hash, idle_before: fc.nat(60) }),
  fc.record({
    type: fc.constantFrom('open_session' as const, 'close_session' as const),
    user: number,
    token_hash: hash,
  }),
  fc.record({ type: fc.constantFrom('remove_guest' as const, 'touch' as const), user: number }),
  fc.record({ type: fc.constant('expire_guests' as const), idle_before: fc.nat(60), at_most: fc.nat(2) }),
  fc.record({ type: fc.constant('send' as const), sender: number, to_user: number, text: fc.string() }),
  fc.record({
    type: fc.constant('send' as const),
    sender: number,
    to_room: number,
    text: fc.string(),
    client_id: fc.constantFrom('1', '2'),
    content_hash: hash,
  }),
  fc.record({
    type: fc.constant('create_room' as const),
    admin: number,
    participants: fc.array(number, { maxLength: 3 }),
    visibility: fc.constantFrom('private' as const, 'public' as const),
  }),
  fc.record({
    type: fc.constant('create_room' as const),
    admin: number,
    participants: fc.array(number, { maxLength: 3 }),
    visibility: fc.constant('private' as const),
    retention: fc.constantFrom(1, 2),
  }),
  fc.record({ type: fc.constant('leave_room' as const), user: number, room: number }),
  fc.record({ type: fc.constant('leave_rooms' as const), user: number, at_most: fc.nat(2) }),
  fc.record({ type: fc.constant('leave_rooms' as const), user: number, at_most: fc.nat(2), idle_before: fc.nat(60) }),
  fc.record({ type: fc.constant('expire_messages' as const), up_to: fc.nat(20) }),
  fc.record({ type: fc.constant('expire_messages' as const), up_to: fc.nat(20), retention: fc.constantFrom(1, 2) }),
  fc.record(
    { type: fc.constant('announce' as const), text: fc.string(), instead_of: fc.string() },
    { requiredKeys: ['type', 'text'] },
  ),
  fc.record(
    { type: fc.constant('judge_clock' as const), doubted_since: fc.nat(60), time: fc.nat(60) },
    { requiredKeys: ['type'] },
  ),
  fc.record({ type: fc.constant('skip_ids' as const), count: fc.constantFrom(1, 2 ** 16, 10 ** 12) }),
  fc.record({
    type: fc.constant('configure' as const),
    bounds: fc.constantFrom(
      bounds,
      { ...oldBounds, users: 3, rooms_per_user: 1 },
      { ...bounds, rooms_per_user: 1, rooms_of_others: 2, participants_per_guest: 2, bytes_per_day: 1000 },
    ),
  }),
)
export const entries = fc.array(fc.tuple(command, fc.nat(100)), { maxLength: 60 })

/** What applying came to: the outcome, or the code of the failure. @param projection Follows the state. */
export function applied(state: ChatState, position: number, at: number, it: Command, projection?: Projection): unknown {
  try {
    const result = state.apply({ position, at, command: it })
    projection?.take(result)
    return result.outcome
  } catch (error) {
    if (error instanceof ChatError) return error.code
    throw error
  }
}

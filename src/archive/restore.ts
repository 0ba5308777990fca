import type { SentRecord, UserRecord } from '../../schemas/records.js'
import type { ChatState } from '../chat/chat-state.js'
import { damaged } from '../storage/data-error.js'
import type { Thread } from '../storage/thread.js'
import { dayOf } from './archive-format.js'
import type { ArchiveReader } from './archive-reader.js'

/** Reads the archive, here or on another thread. */
export type Reader = Pick<Thread<ArchiveReader>, 'call'>

/** Brings an empty state to where the archive is, without any messages. */
export async function restoreState(state: ChatState, reader: Reader, file: string): Promise<void> {
  const server = await reader.call('server')
  if (!server) return
  state.position = server.position
  state.time = server.time
  state.clockDoubtedSince = server.clock_doubted_since
  state.latestTime = server.latest_time ?? 0
  state.announcement = server.announcement
  state.announcedInsteadOf = server.announced_instead_of
  Object.assign(state.bounds, server.bounds)
  await restoreUsers(state, reader)
  if (state.users.count !== server.users) throw damaged(file, 'users are missing')
  await restoreRooms(state, reader)
  if (state.rooms.count !== server.rooms) throw damaged(file, 'rooms are missing')
  await restoreMembers(state, reader)
  if (state.rooms.memberships !== server.memberships) throw damaged(file, 'members of rooms are missing')
  state.users.newest = server.newest_user
  state.rooms.newest = server.newest_room
  state.messages.startAfter(server.newest_message)
  state.expired = server.expired
  state.sentKeys.since = server.keys_since ?? 0
  state.sentKeys.skipped = server.skipped ?? state.sentKeys.skipped
  await restoreSentKeys(state, reader)
}

async function restoreUsers(state: ChatState, reader: Reader): Promise<void> {
  const users: UserRecord[] = []
  for (let last = 0; ;) {
    const chunk = await reader.call('users', last)
    if (chunk.length === 0) break
    users.push(...chunk)
    last = chunk.at(-1)?.number ?? last
  }
  // Guests are kept in the order in which they were seen.
  for (const user of users.toSorted((one, other) => one.seen_in - other.seen_in)) state.users.restore(user)
}

async function restoreRooms(state: ChatState, reader: Reader): Promise<void> {
  for (let last = 0; ;) {
    const chunk = await reader.call('rooms', last)
    if (chunk.length === 0) break
    for (const room of chunk) state.rooms.restore(room, state.users.get(room.admin))
    last = chunk.at(-1)?.number ?? last
  }
}

async function restoreMembers(state: ChatState, reader: Reader): Promise<void> {
  for (let last = 0; ;) {
    const { members, place } = await reader.call('members', last)
    if (members.length === 0) break
    for (const { room, user } of members) state.rooms.join(state.rooms.get(room), state.users.get(user))
    last = place
  }
}

/** All that the state would know if it had not been away. */
async function restoreSentKeys(state: ChatState, reader: Reader): Promise<void> {
  const floor = state.sentKeys.floor(state.messages.newest)
  // Messages of a room that is gone have left their keys behind.
  for (const kind of ['sentAfter', 'sentOfDeleted'] as const)
    for (let last = floor; ;) {
      const chunk = await reader.call(kind, last, dayOf(state.time))
      if (chunk.length === 0) break
      for (const sent of chunk) remember(state, sent)
      last = chunk.at(-1)?.message_id ?? last
    }
}

function remember(
  state: ChatState,
  { sender, client_id, message_id, sent_at, recipient, content_hash }: SentRecord,
): void {
  const sent = { messageId: message_id, sentAt: sent_at, recipient, contentHash: content_hash }
  state.sentKeys.remember(sender, client_id, sent)
}

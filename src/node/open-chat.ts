import type { Settings } from '../../schemas/settings.js'
import type { Window } from '../base/window.js'
import { Access, type AccessOptions } from '../chat/access.js'
import { ChatService, type ServiceOptions } from '../chat/chat-service.js'
import { ChatState } from '../chat/chat-state.js'
import { CommandLog, type ApplyCommand } from '../chat/command-log.js'
import type { Projection } from '../chat/events.js'
import { trustedTime } from '../chat/server/clock.js'
import { LiveEvents } from '../hub/live-events.js'
import type { PresenceTimes } from '../hub/presence.js'
import { DataError } from '../base/data-error.js'
import { boundsOf, messageMemoryOf, windowOf } from '../settings.js'
import { heldLease } from './lease.js'
import type { Storage } from './storage.js'

export interface ChatOptions extends ServiceOptions, Omit<AccessOptions, 'now'> {
  readonly storage: Storage
  /** Memory for messages, in bytes. */
  readonly messageMemory: number
  /** How much of what was told live is kept for those who come back. */
  readonly window: Window
  /** How presence is told; as in production, unless said otherwise. */
  readonly presenceTimes?: PresenceTimes | undefined
  /** How long it is waited for what other nodes have, in ms; as in production, unless said otherwise. */
  readonly catchUpMs?: number | undefined
  /** Told how far the log has been read, as long as that takes. */
  readonly onProgress?: (position: number, newest: number) => void
}

/** What settings say of a chat. */
export const chatOptionsOf = (settings: Settings) => ({
  auth: settings.CHATROOM_AUTH,
  registration: settings.CHATROOM_REGISTRATION,
  operatorToken: settings.CHATROOM_OPERATOR_TOKEN || undefined,
  bounds: boundsOf(settings),
  messageMemory: messageMemoryOf(settings),
  guestTtl: settings.CHATROOM_GUEST_TTL * 1000,
  sessionTtl: settings.CHATROOM_SESSION_TTL * 86_400_000,
  retention: settings.CHATROOM_RETENTION,
  window: windowOf(settings),
})

/** Opens the chat on its storage, which is let go with it. @throws {DataError} */
export async function openChat(options: ChatOptions): Promise<ChatService> {
  const { storage, messageMemory, window, presenceTimes, catchUpMs, now = Date.now } = options
  const { log, archive, peers, lease = heldLease } = storage
  const state = new ChatState(messageMemory)
  const access = new Access(state, { ...options, now: () => trustedTime(state, now()) })
  const live = new LiveEvents(state, access, log, { window, presenceTimes, catchUpMs, peers, now })
  const close = async (): Promise<void> => {
    live.close()
    // What the archive has, the log need not have any more: so what was deleted goes before the end.
    const steps = [() => log.drain(), () => archive?.close(), () => log.close(), async () => storage.release()]
    const failed: unknown[] = []
    for (const step of steps) {
      try {
        await step()
      } catch (error) {
        failed.push(error)
      }
    }
    if (failed.length > 0) throw failed[0]
  }
  const commands = new CommandLog(log, archive)
  const chat = new ChatService({ state, access, log: commands, archive, live, close }, options)
  try {
    await recover(state, commands, live, options)
    chat.start()
    await lease.hold(
      () => chat.takeDuties(),
      () => chat.dropDuties(),
    )
    await storage.begin?.()
    return chat
  } catch (error) {
    await chat.close()
    throw error
  }
}

/** Brings the state, and those that follow it, to where the log ends. */
async function recover(
  state: ChatState,
  log: CommandLog,
  live: LiveEvents,
  { storage: { archive }, onProgress }: ChatOptions,
): Promise<void> {
  if (archive) {
    await archive.restore(state)
    const { events, after } = await archive.recent()
    live.restore(events, after)
  }
  log.release(state.position)
  let isOpen = false
  const pause = async (position: number, newest: number): Promise<void> => {
    if (!isOpen) onProgress?.(position, newest)
    await archive?.room().catch(cannotFollow)
  }
  log.forget(state.forgotten)
  const forget: Projection = { take: () => log.forget(state.forgotten) }
  await log.open(followed(state, archive ? [archive, live, forget] : [live]), {
    after: { position: state.position, ...(archive?.cursor !== undefined && { cursor: archive.cursor }) },
    pause,
  })
  isOpen = true
}

/** Applies each entry, and hands on what it has come to; who waits for its position goes on though it is refused, too. */
const followed =
  (state: ChatState, projections: readonly Projection[]): ApplyCommand =>
  (entry) => {
    try {
      const applied = state.apply(entry)
      for (const projection of projections) projection.take(applied)
      return applied.outcome
    } finally {
      for (const projection of projections) projection.reach?.(entry.position)
    }
  }

function cannotFollow(): never {
  throw new DataError(
    'The log has more than the archive, which cannot be written, can take: the disk is full or fails. Make room there, and start again.',
  )
}

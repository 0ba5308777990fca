import { pino } from 'pino'
import type { Command } from '../../schemas/commands.js'
import type { Settings } from '../../schemas/settings.js'
import type { Append, CommandKind } from '../../src/chat/command.js'
import type { ChatService } from '../../src/chat/chat-service.js'
import type { ChatData } from '../../src/chat/chat-data.js'
import type { CommandLog } from '../../src/chat/command-log.js'
import type { LiveEvents } from '../../src/hub/live-events.js'
import { MemoryLog } from '../../src/log/memory-log.js'
import { openChat as open, type ChatOptions } from '../../src/node/open-chat.js'
import { openStorage, type Storage } from '../../src/node/storage.js'
import { boundsOf, messageMemoryOf, windowOf } from '../../src/settings.js'
import { testSettings } from './chat.js'

/** A storage that keeps nothing. */
export const inMemory = (): Storage => ({ log: new MemoryLog(), release: () => undefined })

/** A storage in a folder, as production has it. */
export const inFolder = (
  folder: string,
  now: () => number = Date.now,
  settings: Partial<Settings> = {},
): Promise<Storage> =>
  openStorage(testSettings({ ...settings, CHATROOM_DATA: folder }), { logger: pino({ enabled: false }), now })

/** Opens the chat alone, without a server. */
export const openChat = (storage: Storage, options: Partial<ChatOptions> = {}): Promise<ChatService> =>
  open({
    storage,
    auth: 'open',
    registration: 'open',
    sessionTtl: 30 * 86_400_000,
    bounds: boundsOf(testSettings()),
    messageMemory: messageMemoryOf(testSettings()),
    window: windowOf(testSettings()),
    guestTtl: 86_400_000,
    retention: 0,
    ...options,
  })

/** Puts commands into a log, as acts do. */
export const appendTo =
  (log: CommandLog): Append =>
  <T extends Command['type'], R>({ type }: CommandKind<T, R>, fields: object) =>
    log.append({ type, ...fields } as Command) as Promise<R>

/** What nobody but a test looks into: who listens. */
export const liveOf = (chat: ChatService): LiveEvents => chat['core'].live as LiveEvents

export const stateOf = (chat: ChatService): ChatData => chat['core'].state

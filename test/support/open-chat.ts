import { pino } from 'pino'
import type { Settings } from '../../schemas/settings.js'
import { ChatService, type ChatOptions } from '../../src/chat/chat-service.js'
import { openStorage, type Storage } from '../../src/node/storage.js'
import { MemoryLog } from '../../src/log/memory-log.js'
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
  ChatService.open({
    storage,
    auth: 'open',
    bounds: boundsOf(testSettings()),
    messageMemory: messageMemoryOf(testSettings()),
    window: windowOf(testSettings()),
    guestTtl: 86_400_000,
    retention: 0,
    ...options,
  })

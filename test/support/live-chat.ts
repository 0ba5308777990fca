import type { Test } from 'tap'
import type { AppOptions } from '../../src/app.js'
import type { Settings } from '../../schemas/settings.js'
import { startChat, type Chat } from './chat.js'

export interface LiveChat {
  readonly chat: Chat
  /** `http://127.0.0.1:<port>` */
  readonly url: string
}

/** Unlimited, and so that no ping comes between the frames that are awaited, and no stream ends, unless a test is about that. */
const quiet = { CHATROOM_HANDSHAKE_RATE: 0, CHATROOM_FRAME_RATE: 0, CHATROOM_HEARTBEAT: 300, CHATROOM_STREAM_AGE: 3600 }

/** Builds the app and lets it listen: live connections want a real socket. It closes with the test. */
export async function startLiveChat(
  t: Test,
  settings: Partial<Settings> = {},
  options: Partial<AppOptions> = {},
): Promise<LiveChat> {
  const chat = await startChat(t, { ...quiet, ...settings }, options)
  return { chat, url: await chat.app.listen({ host: '127.0.0.1', port: 0 }) }
}

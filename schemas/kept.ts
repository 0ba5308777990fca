import { Type } from '@sinclair/typebox'
import { fixed } from './limits.js'

/** What records and commands are made of. Files may come from anywhere, so each value has its bounds. */

export const kept = {
  count: (description: string) => Type.Integer({ minimum: 0, maximum: fixed.number, description }),
  /** Of a user or a room. */
  number: (description: string) => Type.Integer({ minimum: 1, maximum: fixed.number, description }),
  time: (description: string) => Type.Integer({ minimum: 0, maximum: fixed.time, description }),
  hash: (description: string) => Type.String({ maxLength: 64, description }),
  tokenHash: () => kept.hash('SHA-256 of the token, base64url.'),
  /** A place in a user's sends; what it may consist of is looked at when it comes. */
  clientId: () => Type.String({ minLength: 1, maxLength: fixed.clientIdLength }),
  passwordHash: () =>
    Type.String({
      format: 'argon2id',
      maxLength: 256,
      description: 'argon2id, in PHC form. An account has it, a guest has not.',
    }),
  device: () => Type.String({ maxLength: fixed.device }),
  name: () => Type.String({ maxLength: fixed.usernameLength }),
  announcement: () => Type.String({ maxLength: 65_536 }),
  messageText: () => Type.String({ maxLength: fixed.anyMessageLength }),
  roomName: () => Type.String({ maxLength: fixed.roomName }),
  roomTopic: () => Type.String({ maxLength: fixed.roomTopic }),
  retention: (description: string) => Type.Integer({ minimum: 1, maximum: fixed.retention, description }),
}

/** What a login may cost at most: memory in KiB, passes, lanes. What this server makes is far below. */
const mostArgon2 = { m: 65_536, t: 10, p: 16 }
const argon2id = /^\$argon2id\$v=19\$m=(\d{1,6}),t=(\d{1,2}),p=(\d{1,2})\$[A-Za-z0-9+/]{11,86}\$[A-Za-z0-9+/]{22,86}$/

/** Whether a password can be held to the hash, at a cost that one login may have. */
export function isPayable(passwordHash: string): boolean {
  const [memory = Infinity, passes = Infinity, lanes = Infinity] = (argon2id.exec(passwordHash) ?? [])
    .slice(1)
    .map(Number)
  return (
    memory >= 8 * lanes &&
    memory <= mostArgon2.m &&
    passes >= 1 &&
    passes <= mostArgon2.t &&
    lanes >= 1 &&
    lanes <= mostArgon2.p
  )
}

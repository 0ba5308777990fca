import type { Settings } from '../schemas/settings.js'
import { isLoopback } from './http/hosts.js'

/** What is risky in settings as they are, each with the cure; those of a machine that nobody else reaches may do more. */
export function risksOf(settings: Settings): string[] {
  const { HOST: host, CHATROOM_AUTH: auth, CHATROOM_CORS_ORIGIN: origin, CHATROOM_HOSTS: hosts } = settings
  const open =
    auth === 'open'
      ? [
          'Guests are open: whoever reaches this server may use the name of a guest. Register with a password, or set CHATROOM_AUTH=token.',
        ]
      : []
  if (isLoopback(host)) return open
  const limits = (['CHATROOM_RATE_LIMIT', 'CHATROOM_PASSWORD_RATE_LIMIT', 'CHATROOM_REGISTRATION_RATE'] as const)
    .filter((name) => settings[name] === 0)
    .map(
      (name) =>
        `${name} is 0, and HOST is "${host}": strangers have no limit there. Set one, or limit them by a proxy.`,
    )
  const pages =
    auth === 'open' && origin === '*' && hosts === ''
      ? [
          'Any page on the web may act as a guest here, for whoever looks at it. Name your pages in CHATROOM_CORS_ORIGIN, and your names in CHATROOM_HOSTS.',
        ]
      : []
  return [...open, ...pages, ...limits]
}

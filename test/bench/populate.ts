import { exchangeAll } from './load.js'
import { ask, post } from './requests.js'
import type { Scope } from './scope.js'

/** Registers users, the first of whom creates a room with all of them. @returns the room's id */
export async function makeRoom(scope: Scope, port: number, usernames: readonly string[]): Promise<string> {
  await register(scope, port, usernames)
  const [admin, ...participants] = usernames
  return String((await ask(port, '/create_room', { admin, participants }))['room_id'])
}

/** Ten thousand by `fetch` would take longer than all the rest. */
export const register = (scope: Scope, port: number, usernames: readonly string[]): Promise<void> =>
  exchangeAll(scope, port, usernames.length, (index) => post('/register', { username: usernames[index] }))

/** So many names, which begin so. */
export const names = (beginning: string, count: number): string[] =>
  Array.from({ length: count }, (_, index) => `${beginning}_${index}`)

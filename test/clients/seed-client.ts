/** The nine operations with which the project began, as a program wants them; each generated client says it in its words. */
export interface SeedClient {
  /** Gives the token. */
  register(username: string, password?: string): Promise<string>
  /** Gives the token. */
  login(username: string, password: string): Promise<string>
  logout(username: string, token?: string): Promise<string>
  listOnlineUsers(prefix?: string): Promise<string[]>
  /** Gives the message's id. */
  sendMessage(sender: string, recipient: string, message: string): Promise<number>
  pollMessages(username: string, lastId: number): Promise<{ messages: SeedMessage[]; last_id: number }>
  /** Gives the room's id. */
  createRoom(admin: string, participants: string[]): Promise<string>
  leaveRoom(username: string, roomId: string): Promise<string>
  getAnnouncement(): Promise<string>
  /** Gives the types of the events that a poll without a cursor begins with. */
  eventTypes(username: string): Promise<string[]>
}

interface SeedMessage {
  id: number
  sender: string
  recipient: string
  message: string
  sent_at: string
}

/** What `/events` answers to who waits. @throws {TypeError} if it is a stream */
export function pageOf<T>(answer: T): Exclude<T, string> {
  if (typeof answer === 'string') throw new TypeError('a stream')
  return answer as Exclude<T, string>
}

/** The events that this version has: beside the branch for all others, TypeScript would tell none by its type. */
export type Known<E> = E extends { type: infer T } ? (string extends T ? never : E) : never

/** Makes a client of the server at the URL. */
export type Connect = (url: string) => SeedClient

/** A failure of the catalogue, as a generated client has read it. */
export class Refused extends Error {
  readonly code: string

  constructor({ code, message }: { code: string; message: string }) {
    super(`${code}: ${message}`)
    this.code = code
  }
}

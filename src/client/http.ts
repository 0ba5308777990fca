import { ChatRoomError, failureOf, invalidToken, unexpected, unreachable } from './chatroom-error.js'
import { routes } from './contract/routes.js'
import { actors, type Answer, type CallOptions, type OperationId } from './operation-types.js'

/** Who acts. */
export interface Session {
  username: string | undefined
  token: string | undefined
  /** Whether it follows `register`, `login` and `logout`. */
  readonly follows: boolean
  /** Whether it has been asked to end. */
  leaves: boolean
}

export type Fetch = (input: Request | string, init?: RequestInit) => Promise<Response>

/** Calls the operations of the contract. */
export class Http {
  /** Whether a ChatRoom has answered at the URL. */
  isKnown = false

  /** @param baseUrl Without a slash at its end. */
  constructor(
    readonly baseUrl: string,
    readonly fetch: Fetch,
    readonly session: Session,
  ) {}

  /**
   * @throws {ChatRoomError} the failure that the server answers; `unreachable`; `unexpected_answer`
   * @throws the reason of `signal`
   */
  async call<Id extends OperationId>(id: Id, input: object = {}, options: CallOptions = {}): Promise<Answer<Id>> {
    const fields = this.#withActor(id, input as Fields)
    const { session } = this
    const leaves = id === 'logout' && session.follows && fields['username'] === session.username
    // A live connection may hear that it is over before the answer is there.
    if (leaves) session.leaves = true
    try {
      const data = await this.#request(id, fields, options)
      if (leaves) session.username = session.token = undefined
      if (session.follows && (id === 'register' || id === 'login'))
        Object.assign(session, { username: data['username'], token: data['token'], leaves: false })
      return data as Answer<Id>
    } catch (error) {
      if (leaves) session.leaves = false
      throw error
    }
  }

  /**
   * Whether to come back. What is no answer of ChatRoom says nothing about one that has been there before: a proxy gives it
   * while the server is away.
   */
  passes({ temporary, code }: ChatRoomError): boolean {
    return temporary || (code === 'unexpected_answer' && this.isKnown)
  }

  async #request(
    id: OperationId,
    fields: Fields,
    { signal, token = this.session.token }: CallOptions,
  ): Promise<Fields> {
    const request = requestOf(id, fields)
    const headers = {
      ...authorization(token),
      ...(request.body !== undefined && { 'Content-Type': 'application/json' }),
    }
    try {
      const response = await this.fetch(this.baseUrl + request.path, { ...request, headers, signal: signal ?? null })
      const text = await response.text()
      if (!response.ok) throw failureOf(response, jsonOf(text))
      const answer = JSON.parse(text) as Fields
      this.isKnown = true
      return answer
    } catch (cause) {
      if (signal?.aborted) throw signal.reason
      if (cause instanceof ChatRoomError) throw cause
      throw cause instanceof SyntaxError ? unexpected('The answer is not JSON.', 0, cause) : unreachable(cause)
    }
  }

  #withActor(id: OperationId, input: Fields): Fields {
    const actor = id in actors ? actors[id as keyof typeof actors] : undefined
    return actor && input[actor] === undefined ? { ...input, [actor]: this.session.username } : input
  }
}

type Fields = Readonly<Record<string, unknown>>

interface Asked {
  readonly method: string
  /** With its query. */
  readonly path: string
  readonly body?: string
}

/** Puts each field where the operation takes it: in its path, its query or its body. */
function requestOf(id: OperationId, fields: Fields): Asked {
  const [method, template] = routes[id]
  const rest = { ...fields }
  const path = template.replaceAll(/\{(\w+)\}/g, (_all, name: string) => {
    const { [name]: value } = rest
    delete rest[name]
    return encodeURIComponent(String(value))
  })
  if (!['GET', 'DELETE'].includes(method)) return { method, path, body: JSON.stringify(rest) }
  const given = Object.entries(rest).filter(([, value]) => value !== undefined)
  const query = given.map(([name, value]) => `${name}=${encodeURIComponent(String(value))}`).join('&')
  return { method, path: query === '' ? path : `${path}?${query}` }
}

/** What is not JSON is none of the server's failures. */
function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** The header that shows a token. @throws {ChatRoomError} invalid_token, if no header can */
export function authorization(token: string | undefined): Record<string, string> {
  if (token === undefined) return {}
  if (!/^[\x21-\x7e]+$/.test(token)) throw invalidToken()
  return { Authorization: `Bearer ${token}` }
}

import createClient from 'openapi-fetch'
import { failureOf, invalidToken, unexpected, unreachable, type ChatRoomError } from './chatroom-error.js'
import type { paths } from './contract/paths.js'
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

/** How openapi-fetch is called where the operation is not known before. */
type Call = (method: string, path: string, init: object) => Promise<Answered>

interface Answered {
  readonly data?: unknown
  readonly error?: unknown
  readonly response: Response
}

/** Calls the operations of the contract. */
export class Http {
  /** Whether a ChatRoom has answered at the URL. */
  isKnown = false
  readonly #call: Call

  /** @param baseUrl Without a slash at its end. */
  constructor(
    readonly baseUrl: string,
    readonly fetch: Fetch,
    readonly session: Session,
  ) {
    this.#call = createClient<paths>({ baseUrl, fetch }).request as unknown as Call
  }

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
    const [method, path] = routes[id]
    const init = { ...place(method, path, fields), headers: authorization(token), signal }
    const { data, error, response } = await this.#call(method, path, init).catch((cause: unknown) => {
      if (signal?.aborted) throw signal.reason
      throw cause instanceof SyntaxError ? unexpected('The answer is not JSON.', 0, cause) : unreachable(cause)
    })
    if (!response.ok) throw failureOf(response, error)
    this.isKnown = true
    return data as Fields
  }

  #withActor(id: OperationId, input: Fields): Fields {
    const actor = id in actors ? actors[id as keyof typeof actors] : undefined
    return actor && input[actor] === undefined ? { ...input, [actor]: this.session.username } : input
  }
}

type Fields = Readonly<Record<string, unknown>>

/** Puts each field where the operation takes it: in its path, its query or its body. */
function place(method: string, template: string, fields: Fields): object {
  const path: Record<string, unknown> = {}
  const rest: Record<string, unknown> = {}
  for (const [name, value] of Object.entries(fields)) (template.includes(`{${name}}`) ? path : rest)[name] = value
  return ['GET', 'DELETE'].includes(method) ? { params: { path, query: rest } } : { params: { path }, body: rest }
}

/** The header that shows a token. @throws {ChatRoomError} invalid_token, if no header can */
export function authorization(token: string | undefined): Record<string, string> {
  if (token === undefined) return {}
  if (!/^[\x21-\x7e]+$/.test(token)) throw invalidToken()
  return { Authorization: `Bearer ${token}` }
}

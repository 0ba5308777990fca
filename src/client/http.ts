import createClient from 'openapi-fetch'
import { failureOf, unexpected, unreachable } from './chatroom-error.js'
import type { paths } from './contract/paths.js'
import { routes } from './contract/routes.js'
import { actors, type Answer, type CallOptions, type OperationId } from './operation-types.js'

/** Who acts. */
export interface Session {
  username: string | undefined
  token: string | undefined
  /** Whether it follows `register`, `login` and `logout`. */
  readonly follows: boolean
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
    const { signal, token = this.session.token } = options
    const [method, path] = routes[id]
    const fields = this.#withActor(id, input)
    const init = { ...place(method, path, fields), headers: authorization(token), signal }
    const { data, error, response } = await this.#call(method, path, init).catch((cause: unknown) => {
      if (signal?.aborted) throw signal.reason
      throw cause instanceof SyntaxError ? unexpected('The answer is not JSON.', 0, cause) : unreachable(cause)
    })
    if (!response.ok) throw failureOf(response, error)
    if (this.session.follows) this.#follow(id, fields, data as Fields)
    return data as Answer<Id>
  }

  #withActor(id: OperationId, input: object): Fields {
    const actor = id in actors ? actors[id as keyof typeof actors] : undefined
    return { ...(actor && { [actor]: this.session.username }), ...input }
  }

  #follow(id: OperationId, { username }: Fields, answer: Fields): void {
    const { session } = this
    if (id === 'register' || id === 'login')
      Object.assign(session, { username: answer['username'], token: answer['token'] })
    if (id === 'logout' && username === session.username) session.username = session.token = undefined
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

/** The header that shows a token. */
export const authorization = (token: string | undefined): Record<string, string> =>
  token === undefined ? {} : { Authorization: `Bearer ${token}` }

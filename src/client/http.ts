import {
  ChatRoomError,
  failureOf,
  hasNotHappened,
  invalidToken,
  isOfServer,
  silent,
  unexpected,
  unreachable,
} from './chatroom-error.js'
import { reads, routes } from './contract/routes.js'
import { actors, type Answer, type CallOptions, type OperationId } from './operation-types.js'
import { Progress } from './progress.js'
import type { Servers } from './servers.js'

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

  readonly progress = new Progress()

  /** @param patience How long a server may take to say whether it serves, in ms. */
  constructor(
    readonly servers: Servers,
    readonly fetch: Fetch,
    private readonly patience: number,
    readonly session: Session,
  ) {}

  /**
   * @throws {ChatRoomError} the failure that the server answers; `unreachable`; `unexpected_answer`
   * @throws the reason of `signal`
   */
  async call<Id extends OperationId>(id: Id, input: object = {}, options: AskOptions = {}): Promise<Answer<Id>> {
    const fields = this.#withActor(id, input as Fields)
    const { session } = this
    const leaves = id === 'logout' && session.follows && fields['username'] === session.username
    // A live connection may hear that it is over before the answer is there.
    if (leaves) session.leaves = true
    try {
      const { url } = options
      const data =
        url === undefined ? await this.#ask(id, fields, options) : await this.#request(url, id, fields, options)
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

  /**
   * Finds out whether one of several servers serves who has come so far: what is written there may rest on what was written
   * elsewhere, and whoever has an answer from it need not fear that it is gone already.
   */
  async prepare(url: string, signal?: AbortSignal): Promise<void> {
    if (this.servers.isReady(url)) return
    const over = new AbortController()
    const end = (): void => over.abort(signal?.reason)
    const timer = setTimeout(() => over.abort(silent('The server does not say whether it serves.')), this.patience)
    signal?.addEventListener('abort', end)
    if (signal?.aborted) end()
    try {
      await this.#request(url, 'getReadiness', {}, { signal: over.signal }).catch((error: unknown) => {
        // What hides that from clients says nothing of the rest.
        if (!(error instanceof ChatRoomError) || isOfServer(error)) throw error
      })
      this.servers.ready(url)
    } finally {
      clearTimeout(timer)
      signal?.removeEventListener('abort', end)
    }
  }

  /** Asks one server after the other, each once, as long as another may do better and nothing can happen twice. */
  async #ask(id: OperationId, fields: Fields, options: CallOptions): Promise<Fields> {
    const { servers } = this
    for (let left = servers.count - 1; ; left--) {
      const url = servers.current
      let isAsked = false
      try {
        if (!isGet(id)) await this.prepare(url, options.signal)
        isAsked = true
        return await this.#request(url, id, fields, options)
      } catch (error) {
        if (!(error instanceof ChatRoomError) || !isOfServer(error)) throw error
        servers.leave(url)
        if (left === 0 || (isAsked && !isRepeatable(id, fields) && !hasNotHappened(error))) throw error
      }
    }
  }

  async #request(
    url: string,
    id: OperationId,
    fields: Fields,
    { signal, token = this.session.token }: CallOptions,
  ): Promise<Fields> {
    const { progress } = this
    const request = requestOf(id, reads.includes(id) ? { after_event_id: progress.afterEventId, ...fields } : fields)
    const headers = {
      ...authorization(token),
      ...(request.body !== undefined && { 'Content-Type': 'application/json' }),
    }
    try {
      const response = await this.fetch(url + request.path, { ...request, headers, signal: signal ?? null })
      const text = await response.text()
      if (!response.ok) throw failureOf(response, jsonOf(text))
      const answer = JSON.parse(text) as Fields
      this.isKnown = true
      if (request.method !== 'GET') progress.wrote(answer['event_id'])
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

/** Where to ask, if not wherever it goes best. */
interface AskOptions extends CallOptions {
  readonly url?: string
}

const isGet = (id: OperationId): boolean => routes[id][0] === 'GET'

/** Whether it may be asked again though it may have happened. */
const isRepeatable = (id: OperationId, fields: Fields): boolean =>
  isGet(id) || (id === 'sendMessage' && fields['client_id'] !== undefined)

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

import type { By } from '../../schemas/by.js'
import { ChatError } from './chat-error.js'
import { hashToken, sameHash } from './secrets.js'
import type { Session, Sessions } from './tables/sessions.js'
import { isGuest, type User, type Users } from './tables/users.js'
import { hasExpired } from './users/session-use.js'
import { checkMayOperate, type Act } from './who-may.js'

/** `open`: a guest's name can be used by anybody. `token`: every name is used with its token alone. */
export type AuthMode = 'open' | 'token'

/** Who may register; `open`: guests and accounts. */
type Registration = 'open' | 'guests' | 'accounts' | 'closed'

export interface AccessOptions {
  readonly auth: AuthMode
  readonly registration: Registration
  /** Whoever shows it is the operator; without one, nobody is. */
  readonly operatorToken?: string | undefined
  /** How long a session lasts that is not used, in ms. */
  readonly sessionTtl: number
  /** Gives the time up to which the clock is trusted, in ms since the epoch. */
  readonly now: () => number
}

/** What a caller shows. */
export interface Credentials {
  /** The hash of its token, if it has one. */
  readonly tokenHash: string | undefined
  /** From where it asks; undefined where that is not known. */
  readonly address?: string | undefined
}

export const credentials = (token: string | undefined, address?: string): Credentials => ({
  tokenHash: token === undefined ? undefined : hashToken(token),
  address,
})

/** What is kept of who has asked, where a user did. */
export const byUser = ({ number }: User, credentials: Credentials): By => ({ user: number, ...fromOf(credentials) })

const fromOf = ({ address }: Credentials): By => (address === undefined ? {} : { from: address })

/** Who may act as whom. Every read and write asks here. */
export class Access {
  private readonly operatorHash: string | undefined

  constructor(
    private readonly state: { readonly users: Users; readonly sessions: Sessions },
    private readonly options: AccessOptions,
  ) {
    const { operatorToken } = options
    this.operatorHash = operatorToken === undefined ? undefined : hashToken(operatorToken)
  }

  /** @throws {ChatError} registration_closed */
  register(kind: 'guests' | 'accounts'): void {
    const { registration } = this.options
    if (registration !== 'open' && registration !== kind)
      throw new ChatError('registration_closed', `This server takes no new ${kind}.`)
  }

  /** Whether the caller may act as the user. */
  allows(user: User, { tokenHash }: Credentials): boolean {
    if (tokenHash !== undefined) {
      const session = this.state.sessions.find(tokenHash)
      return session?.user === user && !this.hasExpired(session)
    }
    return this.options.auth === 'open' && isGuest(user)
  }

  /**
   * The user whom the caller speaks for, by its name or else by its session.
   * @param session That of the caller's token, as {@link sessionOf} gives it.
   * @throws {ChatError} token_required, not_your_name, user_not_found
   */
  speaker(name: string | undefined, session: Session | undefined): User {
    const owner = session?.user
    if (!owner && this.options.auth === 'token') throw tokenRequired()
    if (name === undefined) return owner ?? nobody()
    const user = this.state.users.find(name)
    if (!user) throw new ChatError('user_not_found', `There is no user "${name}"; register first.`)
    if (owner ? owner !== user : !isGuest(user)) {
      throw owner
        ? new ChatError('not_your_name', `The token is that of "${owner.name}", not of "${user.name}".`)
        : new ChatError('token_required', `"${user.name}" is an account; send its token as "Authorization: Bearer …".`)
    }
    return user
  }

  /**
   * The session of the caller's token.
   * @throws {ChatError} invalid_token, token_expired, token_required
   */
  session(credentials: Credentials): Session {
    const session = this.sessionOf(credentials)
    if (!session) throw new ChatError('token_required', 'Send the token of your session as "Authorization: Bearer …".')
    return session
  }

  /**
   * Lets in whoever may look around: anybody in open mode, any user in token mode.
   * @throws {ChatError} invalid_token, token_expired, token_required
   */
  look(credentials: Credentials): void {
    if (!this.sessionOf(credentials) && this.options.auth === 'token') throw tokenRequired()
  }

  /** @returns what is kept of who has asked @throws {ChatError} operator_required */
  operate(act: Act, credentials: Credentials): By {
    const { operatorHash } = this
    const { tokenHash } = credentials
    checkMayOperate(act, operatorHash !== undefined && tokenHash !== undefined && sameHash(tokenHash, operatorHash))
    return { operator: 'token', ...fromOf(credentials) }
  }

  /** Whether the token is one of a session. */
  knows({ tokenHash }: Credentials): boolean {
    return tokenHash !== undefined && this.state.sessions.find(tokenHash) !== undefined
  }

  /**
   * The session of the caller's token; undefined if it shows none.
   * @throws {ChatError} invalid_token, token_expired
   */
  sessionOf({ tokenHash }: Credentials): Session | undefined {
    if (tokenHash === undefined) return undefined
    const session = this.state.sessions.find(tokenHash)
    if (!session) throw new ChatError('invalid_token')
    if (this.hasExpired(session)) throw new ChatError('token_expired')
    return session
  }

  private hasExpired(session: Session): boolean {
    return hasExpired(session, this.options.sessionTtl, this.options.now())
  }
}

const nobody = (): never => {
  throw new ChatError('token_required', 'Say who you are: by your token, or in open mode by your username.')
}

const tokenRequired = () =>
  new ChatError(
    'token_required',
    'This server asks everybody for a token: register, and send it as "Authorization: Bearer …".',
  )

import { ChatError } from './chat-error.js'
import { hashToken, sameHash } from './secrets.js'
import type { Sessions } from './tables/sessions.js'
import { isGuest, type User, type Users } from './tables/users.js'
import { checkMayOperate, type Act } from './who-may.js'

/** `open`: a guest's name can be used by anybody. `token`: every name is used with its token alone. */
export type AuthMode = 'open' | 'token'

/** What a caller shows: the hash of its token, if it has one. */
export interface Credentials {
  readonly tokenHash: string | undefined
}

export const credentials = (token: string | undefined): Credentials => ({
  tokenHash: token === undefined ? undefined : hashToken(token),
})

/** Who may act as whom. Every read and write asks here. */
export class Access {
  private readonly operatorHash: string | undefined

  /** @param operatorToken Whoever shows it is the operator; without one, nobody is. */
  constructor(
    private readonly state: { readonly users: Users; readonly sessions: Sessions },
    private readonly mode: AuthMode,
    operatorToken?: string,
  ) {
    this.operatorHash = operatorToken === undefined ? undefined : hashToken(operatorToken)
  }

  /** Whether the caller may act as the user. */
  allows(user: User, { tokenHash }: Credentials): boolean {
    if (tokenHash !== undefined) return this.state.sessions.ofToken(tokenHash) === user
    return this.mode === 'open' && isGuest(user)
  }

  /**
   * The user of that name, if the caller may act as it.
   * @throws {ChatError} invalid_token, token_required, not_your_name, user_not_found
   */
  actAs(name: string, { tokenHash }: Credentials): User {
    const owner = this.ownerOf(tokenHash)
    if (!owner && this.mode === 'token') throw tokenRequired()
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
   * The user whom the caller speaks for, by its name or else by its token.
   * @throws {ChatError} invalid_token, token_required, not_your_name, user_not_found
   */
  speaker(name: string | undefined, credentials: Credentials): User {
    if (name !== undefined) return this.actAs(name, credentials)
    const owner = this.ownerOf(credentials.tokenHash)
    if (!owner) throw new ChatError('token_required', 'Say who you are: by your token, or in open mode by `username`.')
    return owner
  }

  /**
   * Lets in whoever may look around: anybody in open mode, any user in token mode.
   * @throws {ChatError} invalid_token, token_required
   */
  look({ tokenHash }: Credentials): void {
    if (!this.ownerOf(tokenHash) && this.mode === 'token') throw tokenRequired()
  }

  /** @throws {ChatError} operator_required */
  operate(act: Act, { tokenHash }: Credentials): void {
    const { operatorHash } = this
    checkMayOperate(act, operatorHash !== undefined && tokenHash !== undefined && sameHash(tokenHash, operatorHash))
  }

  /** Whether the token is one of a session. */
  knows({ tokenHash }: Credentials): boolean {
    return tokenHash !== undefined && this.state.sessions.ofToken(tokenHash) !== undefined
  }

  private ownerOf(tokenHash: string | undefined): User | undefined {
    if (tokenHash === undefined) return undefined
    const owner = this.state.sessions.ofToken(tokenHash)
    if (!owner) throw new ChatError('invalid_token')
    return owner
  }
}

const tokenRequired = () =>
  new ChatError(
    'token_required',
    'This server asks everybody for a token: register, and send it as "Authorization: Bearer …".',
  )

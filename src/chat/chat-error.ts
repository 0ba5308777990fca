import { errors, type ErrorCode } from '../../schemas/errors.js'

/** A failure of the catalogue, with a sentence that fits the case. */
export class ChatError extends Error {
  override readonly name = 'ChatError'
  readonly code: ErrorCode
  /** For a failure that passes: the seconds after which it is worth another try, if that is known. */
  readonly retryAfter: number | undefined

  /** @param message What was wrong and what would be right; the catalogue's words if there is no more to say. */
  constructor(code: ErrorCode, message: string = errors[code].when, retryAfter?: number) {
    super(message)
    this.code = code
    this.retryAfter = retryAfter
  }
}

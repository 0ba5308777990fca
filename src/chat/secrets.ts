import { hash, randomBytes, timingSafeEqual } from 'node:crypto'
import { hash as argon2, verify } from '@node-rs/argon2'

/** Tokens and passwords: what is shown once, what is kept, and how the two are compared. */

/** A token of 256 random bits, base64url. It is given out once; only its hash is kept. */
export const newToken = (): string => randomBytes(32).toString('base64url')

/** What is kept of a token. A random token needs no salt and no slow hash. */
export const hashToken = (token: string): string => hash('sha256', token, 'base64url')

/** Compares two hashes in constant time. */
export const sameHash = (one: string, other: string): boolean =>
  one.length === other.length && timingSafeEqual(Buffer.from(one), Buffer.from(other))

/** What is kept to recognise the same content again. */
export const hashContent = (...parts: string[]): string => hash('sha256', JSON.stringify(parts), 'base64url')

// RFC 8265 section 4.2 (OpaqueString): NFC, nothing else is changed.
const prepared = (password: string): string => password.normalize('NFC')

/** argon2id in PHC form, off the main thread, with the library's parameters (OWASP's 19 MiB, two passes). */
export const hashPassword = (password: string): Promise<string> => argon2(prepared(password))

/**
 * Whether the password is the one that was hashed. Without a hash it takes as long and answers false, so that the time
 * does not tell which names are accounts.
 */
export async function verifyPassword(passwordHash: string | undefined, password: string): Promise<boolean> {
  if (passwordHash === undefined) {
    await argon2(prepared(password))
    return false
  }
  return verify(passwordHash, prepared(password))
}

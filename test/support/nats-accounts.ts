import { nkeys } from '@nats-io/transport-node'

type KeyPair = ReturnType<typeof nkeys.createUser>

/** No bound of an account (the claims of NATS, version 2). */
const unbounded = { subs: -1, data: -1, payload: -1 }
const accountLimits = {
  ...unbounded,
  imports: -1,
  exports: -1,
  wildcards: true,
  conn: -1,
  leaf: -1,
  mem_storage: -1,
  disk_storage: -1,
  streams: -1,
  consumer: -1,
}

const base64url = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url')

/** Claims of one key, signed by another. */
function signed(issuer: KeyPair, subject: KeyPair, nats: Readonly<Record<string, unknown>>): string {
  const sub = subject.getPublicKey()
  const claims = { jti: sub, iat: 0, iss: issuer.getPublicKey(), name: 'test', sub, nats: { ...nats, version: 2 } }
  const text = `${base64url({ typ: 'JWT', alg: 'ed25519-nkey' })}.${base64url(claims)}`
  return `${text}.${Buffer.from(issuer.sign(Buffer.from(text))).toString('base64url')}`
}

/** Accounts by JWT: lines for the configuration of servers, and the text of a file with credentials for one user. */
export function natsAccounts(): { readonly configuration: string; readonly credentials: string } {
  const operator = nkeys.createOperator()
  const [account, system, user] = [nkeys.createAccount(), nkeys.createAccount(), nkeys.createUser()]
  const ofAccount = { type: 'account', limits: accountLimits }
  const configuration = [
    `operator: ${signed(operator, operator, { type: 'operator' })}`,
    `system_account: ${system.getPublicKey()}`,
    'resolver: MEMORY',
    'resolver_preload: {',
    `  ${account.getPublicKey()}: ${signed(operator, account, ofAccount)}`,
    `  ${system.getPublicKey()}: ${signed(operator, system, { type: 'account', limits: { ...accountLimits, mem_storage: 0, disk_storage: 0, streams: 0, consumer: 0 } })}`,
    '}',
  ]
  const credentials = [
    '-----BEGIN NATS USER JWT-----',
    signed(account, user, { type: 'user', ...unbounded }),
    '------END NATS USER JWT------',
    '-----BEGIN USER NKEY SEED-----',
    Buffer.from(user.getSeed()).toString(),
    '------END USER NKEY SEED------',
    '',
  ]
  return { configuration: configuration.join('\n'), credentials: credentials.join('\n') }
}

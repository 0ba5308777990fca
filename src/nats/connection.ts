import { readFileSync } from 'node:fs'
import {
  connect,
  credsAuthenticator,
  errors,
  type NatsConnection,
  type NodeConnectionOptions,
} from '@nats-io/transport-node'
import { SettingError } from '../settings.js'

export interface NatsOptions {
  /** One or more URLs, separated by commas: `nats://` or `tls://`, with a user and password or a token where they are asked for. */
  readonly url: string
  /** The path of a file with credentials; '' for none. */
  readonly credentials?: string
  /** The path of a PEM file with the authorities that servers are checked by; '' for those of the system. */
  readonly ca?: string
  /** What the servers list the connection by. */
  readonly name?: string
}

/** The pause between two tries to connect again, in ms. */
const reconnectWaitMs = 250
/** Two of these without an answer, and the connection is taken for broken, in ms. */
const pingIntervalMs = 1000
/** A server that has not said hello by then is left for the next, in ms. */
const handshakeMs = 5000

/**
 * Opens a connection that comes back for ever, once it has been there.
 * @throws {SettingError} if there is none; the message names the setting and the cure
 */
export async function connectNats({
  url,
  credentials = '',
  ca = '',
  name = 'chatroom',
}: NatsOptions): Promise<NatsConnection> {
  const urls = url.split(',').map(parsed)
  const secure = ca !== '' || urls.some(({ protocol }) => protocol === 'tls:')
  const options: NodeConnectionOptions = {
    ...signedIn(urls, credentials),
    ...(secure ? { tls: ca === '' ? {} : { ca: readSetting('CHATROOM_NATS_CA', ca) } } : {}),
    servers: urls.map(({ host }) => host),
    name,
    // Two errors of authorization in a row are no reason to stop: a server may come up before its accounts.
    ignoreAuthErrorAbort: true,
    maxPingOut: 2,
    maxReconnectAttempts: -1,
    noAsyncTraces: true,
    pingInterval: pingIntervalMs,
    reconnectTimeWait: reconnectWaitMs,
    timeout: handshakeMs,
  }
  try {
    return await connect(options)
  } catch (error) {
    throw new SettingError(explained(error as Error, withoutSecrets(urls)))
  }
}

/** What a server takes unless told otherwise, in bytes. */
const usualPayload = 2 ** 20

/**
 * The largest message that the servers take, in bytes.
 * @param known What it was before: while there is no connection, it is not known.
 */
export const maxPayloadOf = ({ info }: NatsConnection, known = usualPayload): number => info?.max_payload ?? known

function parsed(text: string): URL {
  try {
    const url = new URL(text.trim())
    if (url.protocol === 'nats:' || url.protocol === 'tls:') return url
  } catch {
    // It is said below, without the text: it may hold a password.
  }
  throw new SettingError(
    'CHATROOM_NATS_URL must be a list of URLs such as "nats://a.example:4222,nats://b.example:4222".',
  )
}

function signedIn(urls: readonly URL[], credentials: string): NodeConnectionOptions {
  if (credentials !== '')
    return { authenticator: credsAuthenticator(Buffer.from(readSetting('CHATROOM_NATS_CREDENTIALS', credentials))) }
  const { username = '', password = '' } = urls.find(({ username }) => username !== '') ?? {}
  const [user, pass] = [decodeURIComponent(username), decodeURIComponent(password)]
  if (user === '') return {}
  return pass === '' ? { token: user } : { user, pass }
}

function readSetting(setting: string, path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    throw new SettingError(`${setting}: ${path} cannot be read: ${(error as Error).message}`)
  }
}

const withoutSecrets = (urls: readonly URL[]): string =>
  urls.map(({ protocol, host }) => `${protocol}//${host}`).join(', ')

const certificates = /certificate|altnames|self.signed|tls|ssl/i

function explained(error: Error, servers: string): string {
  const { message } = error
  if (error instanceof errors.AuthorizationError || error instanceof errors.UserAuthenticationExpiredError)
    return `The NATS servers ${servers} refuse to let this server in: ${message}. Put a user and password or a token into CHATROOM_NATS_URL, or name a file in CHATROOM_NATS_CREDENTIALS.`
  if (certificates.test(message))
    return `The NATS servers ${servers} cannot be trusted: ${message}. Name their authority in CHATROOM_NATS_CA, and the servers in CHATROOM_NATS_URL by names that their certificates have, not by addresses.`
  return `No NATS server answers at ${servers}: ${message}. Start one, or correct CHATROOM_NATS_URL.`
}

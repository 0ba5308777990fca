import { Type, type Static } from '@sinclair/typebox'
import { oneOf } from './component.js'
import { fixed } from './limits.js'

/**
 * Every setting, read from the environment or an `.env` file. `unit` is for people, and so is `form`, which says what a
 * pattern means; an integer has its bounds here.
 * A default is what a developer at a desk wants, and safe for a first deployment.
 */
export const SettingsSchema = Type.Object(
  {
    HOST: Type.String({ default: '0.0.0.0', minLength: 1, description: 'The address to listen on.' }),
    PORT: Type.Integer({
      default: 5003,
      minimum: 0,
      maximum: 65_535,
      description: 'The port to listen on; 0 takes a free one.',
    }),
    CHATROOM_DATA: Type.String({
      default: 'data',
      minLength: 1,
      description: 'The folder that keeps everything; `:memory:` keeps nothing.',
    }),
    CHATROOM_PROCESSES: Type.String({
      default: '1',
      form: '"auto" or a whole number from 1 to 64',
      pattern: '^(auto|[1-9]|[1-5][0-9]|6[0-4])$',
      description:
        'The processes that serve, which share the port and the folder; `auto` is one for each core. Limits of rates and connections are counted by each of them for itself.',
    }),
    CHATROOM_AUTH: oneOf(['open', 'token'], {
      default: 'open',
      description:
        "`open`: a guest's name can be used by anybody, as the first clients do. `token`: every name is used with its token alone.",
    }),
    CHATROOM_REGISTRATION: oneOf(['open', 'guests', 'accounts', 'closed'], {
      default: 'open',
      description:
        'Who may register: `open`, guests and accounts; `guests` or `accounts`, only those; `closed`, nobody. A guest may become an account where accounts may register.',
    }),
    CHATROOM_CORS_ORIGIN: Type.String({
      default: '*',
      minLength: 1,
      form: '"*" or a list of origins, each without a path',
      pattern: '^(\\*|https?://[^/,\\s]+(,\\s*https?://[^/,\\s]+)*)$',
      description: 'The origins whose pages may call: `*`, or a list such as `https://a.example,https://b.example`.',
    }),
    CHATROOM_BASE_URL: Type.String({
      default: '',
      pattern: '^(https?://[^/?#\\s]+(/[^/?#\\s]+)*)?$',
      description:
        'Where clients reach the server, such as `https://example.org/chat`, behind a proxy that hands on the whole path: `/chat/send` is then `/send`. Where a proxy strips its prefix, nothing has to be said.',
    }),
    CHATROOM_HOSTS: Type.String({
      default: '',
      pattern: '^([^/\\s,:]+(,\\s*[^/\\s,:]+)*)?$',
      description:
        'The names by which the server may be asked, such as `chat.example,localhost`; addresses always may. Without it any may, or those of this machine alone where `HOST` is a loopback address and no proxy is trusted.',
    }),
    CHATROOM_TRUST_PROXY: Type.String({
      default: 'false',
      form: '"false", "true" or a list of addresses and networks',
      pattern: '^(true|false|[0-9a-fA-F.:/,\\s]*[.:][0-9a-fA-F.:/,\\s]*)$',
      description:
        'Whose `X-Forwarded-For` to believe: `false`, or a list of the addresses and networks of your proxies, as `127.0.0.1,10.0.0.0/8`. `true` believes everybody, also whoever makes up an address to have a fresh allowance.',
    }),
    CHATROOM_RATE_LIMIT: Type.Integer({
      default: 6000,
      minimum: 0,
      maximum: 1_000_000_000,
      description:
        'Requests a minute of one address, all its tokens together, and of one token, wherever it comes from; 0 is no limit. Of IPv6 a /64 is an address, and a /48 may have 16 times as many.',
    }),
    CHATROOM_PASSWORD_RATE_LIMIT: Type.Integer({
      default: 60,
      minimum: 0,
      maximum: 1_000_000,
      description: 'Requests a minute and address that carry a password; 0 is no limit.',
    }),
    CHATROOM_REGISTRATION_RATE: Type.Integer({
      default: 100,
      minimum: 0,
      maximum: 1_000_000_000,
      description:
        'Names that one address may register in an hour; 0 is no limit, for a backend that registers all users from one address.',
    }),
    CHATROOM_CONNECTIONS: Type.Integer({
      default: 50_000,
      minimum: 1,
      maximum: 1_000_000,
      description: 'Open connections at most.',
    }),
    CHATROOM_HANDSHAKE_RATE: Type.Integer({
      default: 3000,
      minimum: 0,
      maximum: 1_000_000_000,
      description:
        'Live connections a minute that one address may open, streams that are renewed included; 0 is no limit.',
    }),
    CHATROOM_ADDRESS_CONNECTIONS: Type.Integer({
      default: 1000,
      minimum: 1,
      maximum: 1_000_000,
      description: 'Live connections, and polls that wait, of one address at most.',
    }),
    CHATROOM_ADDRESS_SOCKETS: Type.Integer({
      default: 2000,
      minimum: 1,
      maximum: 1_000_000,
      description:
        'Open connections of one address at most, whatever they are for. A proxy that `CHATROOM_TRUST_PROXY` names has no such bound.',
    }),
    CHATROOM_ADDRESS_UNREAD: Type.Integer({
      default: 64,
      minimum: 2,
      maximum: 65_536,
      unit: 'MiB',
      description:
        'What may be under way to one address, which it has not taken, and of its requests. Past it, those of its connections are broken off on which most is.',
    }),
    CHATROOM_USER_CONNECTIONS: Type.Integer({
      default: 20,
      minimum: 1,
      maximum: 1_000_000,
      description: 'Live connections, and polls that wait, of one user at most.',
    }),
    CHATROOM_FRAME_RATE: Type.Integer({
      default: 100,
      minimum: 0,
      maximum: 1_000_000,
      description:
        'Frames a second that one WebSocket may send; 0 is no limit. A connection that sends more is closed.',
    }),
    CHATROOM_HEARTBEAT: Type.Integer({
      default: 15,
      minimum: 1,
      maximum: 300,
      unit: 'seconds',
      description: 'The pace at which live connections are asked whether they are alive.',
    }),
    CHATROOM_STREAM_AGE: Type.Integer({
      default: 40,
      minimum: 1,
      maximum: 86_400,
      unit: 'seconds',
      description:
        'How long a stream of Server-Sent Events lasts at most. Its client comes back at once and goes on; one that has gone without a word does not, and is not connected any more.',
    }),
    CHATROOM_LIVE_COMPRESS: Type.Integer({
      default: 0,
      minimum: 0,
      maximum: 1_073_741_824,
      unit: 'bytes',
      description:
        'Events from this size on are compressed for WebSockets that ask for it, which costs memory and time for each of them; 0 is never.',
    }),
    CHATROOM_BODY_LIMIT: Type.Integer({
      default: 262_144,
      minimum: 1024,
      maximum: 67_108_864,
      unit: 'bytes',
      description: 'The largest body of a request.',
    }),
    CHATROOM_FRAME_LIMIT: Type.Integer({
      default: 65_536,
      minimum: 1024,
      maximum: 67_108_864,
      unit: 'bytes',
      description:
        'The largest message on a WebSocket. The longest text that `CHATROOM_MESSAGE_LENGTH` allows may take twelve bytes a character.',
    }),
    CHATROOM_COMPRESS: Type.Integer({
      default: 16_384,
      minimum: 0,
      maximum: 1_073_741_824,
      unit: 'bytes',
      description: 'Answers from this size on are compressed for clients that ask for it; 0 is never.',
    }),
    CHATROOM_ANNOUNCEMENT: Type.String({
      default: 'announcement.txt',
      minLength: 1,
      description:
        'The file with the announcement, followed while the server runs. If none is named and the default is missing, the announcement is empty.',
    }),
    CHATROOM_OPERATOR_TOKEN: Type.String({
      default: '',
      form: '16 to 256 characters, none of them a space',
      pattern: '^([\\x21-\\x7e]{16,256})?$',
      secret: true,
      description: 'What the operator shows as bearer token, 16 to 256 characters; without it, nobody is the operator.',
    }),
    CHATROOM_LOG_LEVEL: oneOf(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'], {
      default: 'info',
      description: 'What is logged; `info` has a line for each request.',
    }),
    CHATROOM_GUEST_TTL: Type.Integer({
      default: 86_400,
      minimum: 1,
      maximum: 31_536_000,
      unit: 'seconds',
      description:
        'How long a guest may be idle before the name is free, at least. It is free at the latest after a sixteenth of that more.',
    }),
    CHATROOM_SESSION_TTL: Type.Integer({
      default: 30,
      minimum: 1,
      maximum: 3650,
      unit: 'days',
      description: 'How long a session lasts that is not used; each use begins that time anew.',
    }),
    CHATROOM_USERS: Type.Integer({
      default: 100_000,
      minimum: 1,
      maximum: 10_000_000,
      description: 'Users at most, guests and accounts.',
    }),
    CHATROOM_SESSIONS_PER_USER: Type.Integer({
      default: 100,
      minimum: 1,
      maximum: fixed.anySessions,
      description: 'Sessions of one account at most; past it the oldest ends.',
    }),
    CHATROOM_ROOMS_PER_USER: Type.Integer({
      default: 1000,
      minimum: 1,
      maximum: 100_000,
      description: 'Rooms that one user may have made, of those that it is in.',
    }),
    CHATROOM_ROOMS_OF_OTHERS: Type.Integer({
      default: 1000,
      minimum: 1,
      maximum: 100_000,
      description: 'Rooms made by others that one user may be in.',
    }),
    CHATROOM_PARTICIPANTS_PER_USER: Type.Integer({
      default: 10_000,
      minimum: 0,
      maximum: 100_000_000,
      description: 'Others who may be in the rooms that one account made, all together.',
    }),
    CHATROOM_PARTICIPANTS_PER_GUEST: Type.Integer({
      default: 100,
      minimum: 0,
      maximum: 100_000_000,
      description: 'Others who may be in the rooms that one guest made, all together.',
    }),
    CHATROOM_PARTICIPANT_RATE: Type.Integer({
      default: 10_000,
      minimum: 0,
      maximum: 1_000_000_000,
      description: 'Others whom one address may put into new rooms in an hour; 0 is no limit.',
    }),
    CHATROOM_ROOM_MEMBERS: Type.Integer({
      default: 10_000,
      minimum: 1,
      maximum: fixed.anyMembers,
      description: 'Members that one room may have.',
    }),
    CHATROOM_MEMBERSHIPS: Type.Integer({
      default: 1_000_000,
      minimum: 1,
      maximum: 100_000_000,
      description: 'Members of all rooms together.',
    }),
    CHATROOM_MESSAGE_LENGTH: Type.Integer({
      default: 4000,
      minimum: 1,
      maximum: fixed.anyMessageLength,
      unit: 'characters',
      description: 'The longest text of a message.',
    }),
    CHATROOM_BYTES_PER_DAY: Type.Integer({
      default: 67_108_864,
      minimum: 0,
      maximum: 1_000_000_000_000_000,
      unit: 'bytes',
      description:
        'What one user may store in a day (UTC): texts, with some 256 bytes for each message and 320 for each member of a room; 0 is no limit.',
    }),
    CHATROOM_IDEMPOTENCY_KEYS: Type.Integer({
      default: 100_000,
      minimum: 1,
      maximum: 10_000_000,
      description:
        'The latest messages of which the `client_id` is in memory. On disk each is remembered for a day at least.',
    }),
    CHATROOM_RETENTION: Type.Integer({
      default: 0,
      minimum: 0,
      maximum: fixed.retention,
      unit: 'days',
      description: 'Messages are deleted after so many days; 0 is never. A room may say less, not more.',
    }),
    CHATROOM_LOG_ENTRIES: Type.Integer({
      default: 100_000,
      minimum: 0,
      maximum: 1_000_000_000,
      description:
        'The latest entries that the log keeps at most, beside those that a start needs. A client that comes back to live events gets those of them, and no older ones.',
    }),
    CHATROOM_LOG_AGE: Type.Integer({
      default: 86_400,
      minimum: 0,
      maximum: 86_400,
      unit: 'seconds',
      description: 'How long the log keeps entries that no start needs; no longer than any message is kept.',
    }),
    CHATROOM_NATS_URL: Type.String({
      default: '',
      form: 'a list of URLs such as "nats://a.example:4222"',
      pattern: '^((nats|tls)://[^,\\s]+(,\\s*(nats|tls)://[^,\\s]+)*)?$',
      secret: true,
      description:
        'The NATS servers whose JetStream keeps the log, for several nodes together: `nats://` or `tls://`, with a user and password or a token where they are asked for, such as `tls://user:password@a.example:4222,tls://b.example:4222`. Without it, the log is in the folder.',
    }),
    CHATROOM_NATS_PREFIX: Type.String({
      default: 'chatroom',
      form: '1 to 32 letters, digits, "-" or "_"',
      pattern: '^[A-Za-z0-9_-]{1,32}$',
      description: 'What the names begin with of all that is kept in NATS; nodes with the same one are one chat.',
    }),
    CHATROOM_NATS_CREDENTIALS: Type.String({
      default: '',
      description: 'The file with the credentials for NATS (`.creds`), where they are not in the URL.',
    }),
    CHATROOM_NATS_CA: Type.String({
      default: '',
      description:
        'A PEM file with the authorities that the NATS servers are checked by; without it, those of the system.',
    }),
    CHATROOM_NATS_REPLICAS: Type.Integer({
      default: 3,
      minimum: 1,
      maximum: 5,
      description:
        'How many NATS servers keep the log, an odd number: with 3, one of them may fail. One server alone asks for 1, and what is written is lost with it.',
    }),
    CHATROOM_NATS_SYNC: oneOf(['any', 'required'], {
      default: 'any',
      description:
        '`required`: a start is refused unless each NATS server says that it syncs what it acknowledges (`sync_interval: always`). `any`: the start says what they promise.',
    }),
    CHATROOM_NATS_MONITOR: Type.String({
      default: '',
      form: 'a list of URLs such as "http://a.example:8222"',
      pattern: '^(https?://[^,\\s]+(,\\s*https?://[^,\\s]+)*)?$',
      description:
        'The monitors of the NATS servers (`http_port`), each of one, such as `http://a.example:8222,http://b.example:8222`: they are asked when the servers sync.',
    }),
    CHATROOM_MESSAGE_MEMORY: Type.Integer({
      default: 64,
      minimum: 2,
      maximum: 3584,
      unit: 'MiB',
      description:
        'Memory for the latest messages. Older ones are read from the disk; with `:memory:` they are forgotten.',
    }),
  },
  { additionalProperties: false },
)

export type Settings = Static<typeof SettingsSchema>

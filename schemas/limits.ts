/** The bounds that an operator may set and that show in the contract. */
export interface Limits {
  /** The longest text of a message, in characters (Unicode code points). */
  readonly messageLength: number
  /** The most names that one request may put into a room. */
  readonly participants: number
}

/** The bounds that are the same everywhere. */
export const fixed = {
  usernameLength: 32,
  clientIdLength: 64,
  /** The longest name of a backend's key, in characters. */
  keyName: 32,
  /** The longest address of a client, in characters: an IPv6 network as it counts. */
  address: 64,
  /** What is said of the program that has opened a session, in characters. */
  device: 200,
  /** How long a ticket is good, in seconds, and how many a session may have. */
  ticket: { age: 30, perSession: 16 },
  /** Marks behind one letter: the longest stack that is written, a Tibetan one, has eight. */
  marks: 10,
  /** Fields, lists and objects of a body or a frame together: each costs more than its bytes. */
  parts: 1000,
  passwordLength: { min: 8, max: 256 },
  roomName: 100,
  roomTopic: 500,
  /** The longest announcement, in characters; its file has no more bytes than four times as many. */
  announcement: 16_384,
  /** Days for which messages may be kept at most, if not for ever. */
  retention: 36_500,
  /** Rows of a page: what is asked for by default, by the seed's clients that do not page, and at most. */
  page: { default: 100, unpaged: 1000, max: 1000 },
  /** The longest `wait` that a poll may ask for, in seconds. */
  wait: 60,
  /** The longest that a poll is held, whatever it asks for, in seconds: proxies give up after 50 or 60. */
  hold: 45,
  /** The longest that a node is waited for to come to a cursor that another one has given, in seconds. */
  catchUp: 5,
  /** Ids that a chat passes over when it is brought back: more than a server gives in a year at full speed. */
  skippedIds: 10 ** 12,
  /** The largest number of anything that is kept: half of what can be counted exactly, so that it can go on. */
  number: 2 ** 52,
  /** The latest time, in ms since the epoch: later years have more than four digits. */
  time: Date.UTC(10_000, 0) - 1,
  /** The longest text of a message that any server may allow, in characters. */
  anyMessageLength: 100_000,
  /** The most members that any server may allow in a room. */
  anyMembers: 1_000_000,
  /** The most sessions of one account that any server may allow. */
  anySessions: 10_000,
} as const

/** Differences to the last release that may break a client, each looked at, with the reason why it is taken into account. */
export interface AcceptedBreak {
  /** The rule of oasdiff. */
  readonly id: string
  /** What it says of it. */
  readonly text: RegExp
  readonly reason: string
}

/** Since 0.1.0. A release empties the list, and lists in the changelog what was in it. */
export const acceptedBreaks: readonly AcceptedBreak[] = [
  {
    id: 'response-property-became-not-enum',
    text: /`code` response property/,
    reason: 'A code of a later version made whole answers unreadable to generated clients; the list is open now.',
  },
  {
    id: 'response-property-any-of-added',
    text: /UnknownEvent` to the `events\/items` response property/,
    reason: 'An event of a later version did the same; it is an `UnknownEvent` now. What is on the wire is the same.',
  },
  {
    id: 'response-property-type-changed',
    text: /`events\/items`.* from `object` to `any`/,
    reason: 'The branches of an event say that they are objects; beside `anyOf` it need not be said again.',
  },
  {
    id: 'response-body-any-of-added',
    text: /UnknownEvent` to the response body `anyOf` list for the response status `101`/,
    reason: 'As `events/items`; the answer has no body.',
  },
  {
    id: 'response-body-type-changed',
    text: /status `101`/,
    reason: 'As `events/items`; the answer has no body.',
  },
  {
    id: 'request-property-pattern-added',
    text: /pattern `\^/,
    reason:
      'The pattern takes whatever the server has taken before; it says what the private format beside it has always said.',
  },
  {
    id: 'request-parameter-pattern-added',
    text: /pattern `\^/,
    reason: 'As `request-property-pattern-added`.',
  },
  {
    id: 'request-parameter-type-changed',
    text: /`wait`, the `type` was changed from `number` to `integer`/,
    reason: 'Whole seconds are enough for a wait, and a number with a fraction is none in half of the generators.',
  },
  {
    id: 'request-parameter-type-changed',
    text: /`last_id`, the `format` was changed from `none` to `int64`/,
    reason: 'Clients in Java, Kotlin, Go and Rust cut an id to 32 bits.',
  },
  {
    id: 'request-property-max-items-decreased',
    text: /`participants`/,
    reason: 'More of the longest names never fitted in a body, and were answered 413.',
  },
]

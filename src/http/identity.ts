import { SettingsSchema } from '../../schemas/settings.js'
import { version } from '../version.js'

/** What the documents are of. */
export const identity = { title: 'ChatRoom', version } as const

/** A part of the URL of a server, for who has a document from a file. */
export const host = {
  default: `localhost:${SettingsSchema.properties.PORT['default']}`,
  description: 'Where the server is, with its port.',
} as const

/** The tag of what both documents describe, each in its way. */
export const liveTag = { name: 'Live', description: 'Events as they happen, by WebSocket and Server-Sent Events.' }

/** What a client may rely on next year. */
export const versions = `## Versions

The version of this document is that of the server, by [SemVer](https://semver.org). Any version may add operations, fields, parameters that may be left out, headers, statuses, error codes, types of events, and values where a list is an \`x-extensible-enum\`. So ignore fields and headers that you do not know, pass over events of an unknown \`type\`, and treat an unknown \`code\` by its HTTP status. Nothing that a request may have today is refused, and nothing that an answer has today is left out, renamed or given another meaning, but by a break.

A break comes with a new major version, or, as long as that is 0, a new minor one. The changelog lists each with its reason. It is announced at least one minor version before: the document says \`deprecated\`, and answers carry \`Deprecation\` (RFC 9745) and \`Sunset\` (RFC 8594). The document of each version is compared with that of the last release, and a break that is not listed fails.`

import { Type, type Static } from '@sinclair/typebox'
import { closed } from './component.js'
import { kept } from './kept.js'
import { fixed } from './limits.js'

/** Who has asked for what a command does, where that is to be known later: one of three, and from where. */
export const BySchema = Type.Object(
  {
    user: Type.Optional(kept.number('Of the user who did it, as a member or for itself.')),
    operator: Type.Optional(
      Type.String({
        maxLength: fixed.usernameLength,
        description: 'An operator: its username, or `token` where it has shown the token of the operator alone.',
      }),
    ),
    key: Type.Optional(
      Type.String({
        maxLength: fixed.keyName,
        description: "The name of the key that an application's backend showed.",
      }),
    ),
    from: Type.Optional(Type.String({ maxLength: fixed.address, description: 'The address from which it came.' })),
  },
  closed,
)

export type By = Static<typeof BySchema>

/** Of a command that somebody may have to answer for. */
export const by = Type.Optional(BySchema)

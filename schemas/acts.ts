/**
 * The schemas of the acts that have a file of their own: the commands by which they are logged, their events, and the
 * components of the published document. To add an act is to add its file to these.
 */

export const actCommands = [] as const

export const actEvents = [] as const

export const actComponents = [] as const

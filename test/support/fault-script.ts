/** How the driver ends, if no fault ends it before. */
export type End = 'close' | 'kill' | 'kill when refused'

/** How often the driver sends, one round after the other. */
export const rounds = 12

/** A message's text: long where many go together, so that the files grow. */
export const textOf = (clientId: string, together: number): string => clientId.padEnd(together > 1 ? 4000 : 20, '.')

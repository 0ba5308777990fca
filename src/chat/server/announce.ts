import type { By } from '../../../schemas/by.js'
import { command } from '../command.js'
import type { Core } from '../core.js'

const setAnnouncement = command('announce', (state, { text, instead_of: insteadOf }) => {
  state.announcement.set(text, insteadOf)
  state.tell({ type: 'announcement.updated', audience: 'everybody', body: { announcement: text } })
})

export const announcement = {
  /** @returns the text, and what its file says instead, as a hash, if that is something else */
  ask: ({ state: { announcement: row } }: Core): { text: string; insteadOf: string | undefined } => ({
    text: row.text,
    insteadOf: row.insteadOf,
  }),
}

export const announce = {
  commands: [setAnnouncement],
  /**
   * Sets the announcement, if it is another.
   * @param insteadOf What its file says, as a hash, if that is something else.
   * @param by Who has asked for it; the file has said it where nobody did.
   */
  async ask({ state, append }: Core, text: string, insteadOf?: string, by?: By): Promise<void> {
    if (text === state.announcement.text && insteadOf === state.announcement.insteadOf) return
    await append(setAnnouncement, {
      text,
      ...(insteadOf !== undefined && { instead_of: insteadOf }),
      ...(by && { by }),
    })
  },
}

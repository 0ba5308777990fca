import type { Lease } from '../base/lease.js'

export type { Lease }

/** Of a node that is alone, or the owner of what others follow. */
export const heldLease: Lease = { hold: (take) => take() }

/** Of a node for which another one does it. */
export const foreignLease: Lease = { hold: async () => undefined }

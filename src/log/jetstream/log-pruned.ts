import { DataError } from '../../base/data-error.js'

/** The entries that come next are in the log no more: who needs them must begin with a snapshot. */
export class LogPruned extends DataError {
  /** @param first The sequence that the stream begins at. */
  constructor(name: string, next: number, first: number) {
    super(
      `${name} begins at message ${first}, but message ${next} comes next here: what is between them was pruned. A snapshot of another node is needed, or a backup: "npx chatroom restore FILE".`,
    )
  }
}

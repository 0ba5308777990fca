import { statSync } from 'node:fs'
import { DataError } from '../base/data-error.js'

/** Where a file was when it was opened. What is written to one that has been moved away, nobody finds. */
export class Place {
  private readonly opened: string | undefined

  /** @param file One that is there. */
  constructor(private readonly file: string) {
    this.opened = this.identity()
  }

  /** @throws {DataError} if another file is there now, or none */
  check(): void {
    if (this.identity() === this.opened) return
    throw new DataError(
      `${this.file} is not where it was: it, or its folder, has been moved away or deleted while the server runs. Put it back, or stop the server.`,
    )
  }

  private identity(): string | undefined {
    const stats = statSync(this.file, { bigint: true, throwIfNoEntry: false })
    return stats && `${stats.dev} ${stats.ino}`
  }
}

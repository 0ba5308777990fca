import { AnnouncementRowSchema, type AnnouncementRow } from '../../../schemas/rows.js'
import type { ChangeList, Table } from './table.js'

/** What is announced: one row, once something has been. */
export class AnnouncementTable implements Table<AnnouncementRow, AnnouncementRow> {
  readonly name = 'announcement'
  readonly noun = 'announcement'
  readonly schema = AnnouncementRowSchema
  readonly key = []
  readonly refersTo = []
  private row: AnnouncementRow | undefined

  constructor(private readonly changes: ChangeList) {}

  get count(): number {
    return this.row ? 1 : 0
  }

  get text(): string {
    return this.row?.text ?? ''
  }

  /** What the file says, as its hash, where the announcement is another. */
  get insteadOf(): string | undefined {
    return this.row?.instead_of
  }

  set(text: string, insteadOf: string | undefined): void {
    this.row = { text, ...(insteadOf !== undefined && { instead_of: insteadOf }) }
    this.changes.put(this, this.row)
  }

  things(): Iterable<AnnouncementRow> {
    return this.row ? [this.row] : []
  }

  rowOf(row: AnnouncementRow): AnnouncementRow {
    return row
  }

  load(row: AnnouncementRow): void {
    this.row = row
  }
}

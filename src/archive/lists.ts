import type { ChatState } from '../chat/chat-state.js'
import { targetOf, type Room } from '../chat/tables/rooms.js'
import type { User } from '../chat/tables/users.js'
import { damaged } from '../base/data-error.js'

interface List {
  readonly previous: number
  readonly ids: number[]
}

/** The ids of the messages that are brought back, by target: each says which was before it, so none can be missing. */
export class Lists {
  private readonly byTarget = new Map<number, List>()

  /** @param oldest The oldest id of all that are brought back. */
  constructor(
    private readonly state: ChatState,
    private readonly oldest: number,
    private readonly file: string,
  ) {}

  /** @param expired The newest id of the target that has been deleted. @throws {DataError} if one is missing before */
  add(target: number, id: number, previous: number, expired: number): void {
    const list = this.byTarget.get(target)
    if (previous > (list?.ids.at(-1) ?? Math.max(this.oldest - 1, expired))) throw missing(this.file, previous)
    if (list) list.ids.push(id)
    else this.byTarget.set(target, { previous, ids: [id] })
  }

  /** Puts them where they belong. @throws {DataError} if the newest of a target is missing */
  putBack(): void {
    for (const targets of [this.state.users, this.state.rooms])
      for (const target of targets.things()) this.putBackTo(target)
  }

  private putBackTo(to: User | Room): void {
    const { messages } = to
    if (messages.newest < Math.max(this.oldest, messages.expired + 1)) return
    const list = this.byTarget.get(targetOf(to))
    if (list?.ids.at(-1) !== messages.newest) throw missing(this.file, messages.newest)
    messages.putBack(list.ids, list.previous)
  }
}

const missing = (file: string, id: number): Error => damaged(file, `message ${id} is missing`)

import type { User } from '../chat/tables/users.js'
import { ToldBatch, type ToldEvent } from './told-event.js'

export interface Told {
  /** The order in which events were told. */
  readonly number: number
  readonly event: ToldEvent
}

/** What those who listen to the same have been told, and get together. */
export class Turn {
  readonly events: Told[] = []
  private shared: ToldBatch | undefined
  private users: Set<User> | undefined
  /** What those who were told most recently got, of this turn and of those after it. */
  private joined: { readonly turns: readonly Turn[]; readonly batch: ToldBatch } | undefined

  /** The same, as all get it but the {@link exceptions}. Nothing may be told in it any more. */
  get batch(): ToldBatch {
    return (this.shared ??= new ToldBatch(this.events.map(({ event }) => event)))
  }

  /** Those who get something else instead of an event. */
  get exceptions(): ReadonlySet<User> {
    return (this.users ??= new Set(this.events.flatMap(({ event }) => event.instead?.user ?? [])))
  }

  /** The same of this turn and others: those who are in the same rooms get the same. */
  with(turns: readonly Turn[]): ToldBatch {
    if (!this.joined || !areSame(this.joined.turns, turns))
      this.joined = { turns, batch: new ToldBatch(inOrder(turns).map(({ event }) => event)) }
    return this.joined.batch
  }
}

/** What one user gets of turns, in the order in which it was told; undefined if that is nothing. */
export function batchFor(user: User, turns: readonly Turn[]): ToldBatch | undefined {
  const [first] = turns
  if (first && !turns.some(({ exceptions }) => exceptions.has(user)))
    return turns.length === 1 ? first.batch : first.with(turns)
  const events = inOrder(turns).flatMap(({ event }) => event.for(user) ?? [])
  return events.length > 0 ? new ToldBatch(events) : undefined
}

const inOrder = (turns: readonly Turn[]): Told[] =>
  turns.flatMap(({ events }) => events).sort((one, other) => one.number - other.number)

const areSame = (some: readonly Turn[], others: readonly Turn[]): boolean =>
  some.length === others.length && some.every((turn, index) => turn === others[index])

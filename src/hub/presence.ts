import type { UserPresence } from '../../schemas/events.js'
import type { Room } from '../chat/state/rooms.js'
import type { User } from '../chat/state/users.js'
import { Deadlines } from './deadlines.js'
import type { Audience, Hub } from './hub.js'
import { eventJson, LiveEvent } from './live-event.js'

/** The times of it, in ms. */
export interface PresenceTimes {
  /** Who comes back within this time has not been away: a page that is loaded anew does not flicker. */
  readonly grace: number
  /** What changes within this time is told together. */
  readonly gather: number
  /** The same for the number of those who are connected in a large room. */
  readonly gatherLarge: number
}

const usualTimes: PresenceTimes = { grace: 15_000, gather: 1000, gatherLarge: 5000 }

/** In rooms of more members than this, only their number is told: else each of ten thousand would be told to all the others. */
const largeRoom = 100

interface Lease {
  connections: number
  /** Stops the grace that runs, if one does. */
  stay: (() => void) | undefined
}

/** Who is connected. A user is, from the first connection until some time after the last one. */
export class Presence {
  private readonly leases = new Map<User, Lease>()
  private readonly deadlines = new Deadlines()
  /** Those who have come or gone since it was told, with what they were before. */
  private readonly changed = new Map<User, boolean>()
  private readonly largeRooms = new Set<Room>()
  private closed = false

  /**
   * @param partners Those with whom a user has exchanged direct messages lately.
   * @param now The time, as events say it.
   */
  constructor(
    private readonly hub: Hub,
    private readonly partners: (user: User) => Iterable<User>,
    private readonly now: () => string,
    private readonly times: PresenceTimes = usualTimes,
  ) {}

  isConnected(user: User): boolean {
    return this.leases.has(user)
  }

  /** A connection of the user begins. */
  begin(user: User): void {
    const lease = this.leases.get(user)
    if (lease) {
      lease.stay?.()
      lease.stay = undefined
      lease.connections++
      return
    }
    this.change(user)
    this.leases.set(user, { connections: 1, stay: undefined })
  }

  /** A connection of the user ends. */
  end(user: User): void {
    const lease = this.leases.get(user)
    if (!lease || --lease.connections > 0 || this.closed) return
    lease.stay = this.deadlines.add(this.times.grace, () => {
      this.change(user)
      this.leases.delete(user)
    })
  }

  /** The user is no more; those in its rooms know already. */
  remove(user: User): void {
    const isTold = this.changed.get(user) ?? this.isConnected(user)
    this.leases.get(user)?.stay?.()
    this.leases.delete(user)
    this.changed.delete(user)
    if (!isTold) return
    const partners = Array.from(this.partners(user)).filter((partner) => this.hub.hears(partner))
    this.send(partners, { users: [{ username: user.name, presence: 'disconnected' }] })
  }

  /** Ends all that waits; nobody is told any more. */
  close(): void {
    this.closed = true
    this.deadlines.clear()
  }

  private change(user: User): void {
    if (this.closed) return
    if (this.changed.size === 0) this.deadlines.add(this.times.gather, () => this.tell())
    if (!this.changed.has(user)) this.changed.set(user, this.isConnected(user))
  }

  /** Tells what has changed: in each room once, and to each partner once. */
  private tell(): void {
    const changes = Array.from(this.changed).filter(([user, before]) => before !== this.isConnected(user))
    this.changed.clear()
    const byRoom = new Map<Room, UserPresence[]>()
    const byPartner = new Map<User, UserPresence[]>()
    for (const [user] of changes) {
      const change: UserPresence = {
        username: user.name,
        presence: this.isConnected(user) ? 'connected' : 'disconnected',
      }
      const heard = Array.from(user.rooms).filter((room) => this.hub.hears(room))
      const small = heard.filter((room) => room.members.size <= largeRoom)
      for (const room of heard) if (room.members.size > largeRoom) this.noteLarge(room)
      for (const room of small) add(byRoom, room, change)
      for (const partner of this.partners(user)) {
        const isTold = small.some((room) => room.members.has(partner))
        if (!isTold && this.hub.hears(partner)) add(byPartner, partner, change)
      }
    }
    for (const [room, users] of byRoom) this.send([room], { users })
    for (const [partner, users] of byPartner) this.send([partner], { users })
  }

  private noteLarge(room: Room): void {
    if (this.largeRooms.size === 0) this.deadlines.add(this.times.gatherLarge, () => this.tellLarge())
    this.largeRooms.add(room)
  }

  /** Each member is looked at, but that seldom that it is little beside telling those who listen. */
  private tellLarge(): void {
    for (const room of this.largeRooms) {
      let connected = 0
      for (const member of room.members) if (this.isConnected(member)) connected++
      this.send([room], { users: [], room_id: room.id, connected })
    }
    this.largeRooms.clear()
  }

  private send(audience: Audience, members: object): void {
    this.hub.tell(audience, new LiveEvent(eventJson({ type: 'presence', ...members }, this.now())))
  }
}

function add<K>(changes: Map<K, UserPresence[]>, key: K, change: UserPresence): void {
  const those = changes.get(key)
  if (those) those.push(change)
  else changes.set(key, [change])
}

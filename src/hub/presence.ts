import type { Peers } from '../base/peers.js'
import type { Audience } from '../chat/events.js'
import type { Room } from '../chat/tables/rooms.js'
import type { User } from '../chat/tables/users.js'
import { Deadlines } from './deadlines.js'
import type { Hub } from './hub.js'
import { PresenceChanges } from './presence-changes.js'
import { RemotePresence } from './remote-presence.js'
import { eventJson, ToldEvent } from './told-event.js'

/** The times of it, in ms. */
export interface PresenceTimes {
  /** Who comes back within this time has not been away: a page that is loaded anew does not flicker. */
  readonly grace: number
  /** What changes within this time is told together. */
  readonly gather: number
  /** The same for the number of those who are connected in a large room. */
  readonly gatherLarge: number
}

/** Three heartbeats, after which a peer that says nothing is closed, and this grace are less than a minute. */
const usualTimes: PresenceTimes = { grace: 10_000, gather: 1000, gatherLarge: 5000 }

/** In rooms of more members than this, only their number is told: else each of ten thousand would be told to all the others. */
const largeRoom = 100

/**
 * Members that are looked at in one go, in one user's or one room's case perhaps more, and the ms until the next go as long
 * as somebody waits: so much is told a second, and the event loop held so long, whoever comes and goes.
 */
const round = { looks: 10_000, pause: 100 }

/** Members of rooms that are looked at for one who has come, at most: it must cost the same for whoever is in very many. */
const mostLooks = 5000

/** Who is connected, of those of whom a user is told; and how many are, of the members of its large rooms. */
export interface ConnectedNow {
  readonly connected: readonly string[]
  readonly rooms: readonly { readonly room_id: string; readonly connected: number }[]
}

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
  /** What was told last of each large room. */
  private readonly counts = new WeakMap<Room, number>()
  private closed = false
  private readonly elsewhere: RemotePresence

  /**
   * @param partners Those with whom a user has exchanged direct messages lately.
   * @param now The time, as events say it.
   * @param peers Where users may be connected, too.
   * @param userOf Finds a user by its number.
   */
  constructor(
    private readonly hub: Hub,
    private readonly partners: (user: User) => Iterable<User>,
    private readonly now: () => string,
    peers: Peers,
    userOf: (number: number) => User | undefined,
    private readonly times: PresenceTimes = usualTimes,
  ) {
    this.elsewhere = new RemotePresence(peers, this.deadlines, times.grace, {
      here: () => Array.from(this.leases.keys(), ({ number }) => number),
      onChange: (number) => {
        const user = userOf(number)
        if (user) this.change(user)
      },
    })
  }

  isConnected(user: User): boolean {
    return this.leases.has(user) || this.elsewhere.has(user.number)
  }

  /** What the user would know if it had heard all that was told. */
  around(user: User): ConnectedNow {
    const connected = new Set<User>()
    const rooms: { room_id: string; connected: number }[] = []
    let looks = 0
    for (const room of user.rooms.keys()) {
      const { size } = room.members
      const count = this.counts.get(room)
      if (size > largeRoom) {
        if (count !== undefined) rooms.push({ room_id: room.id, connected: count })
        // While nobody listened there at this node, it was not counted.
        this.noteLarge(room)
      }
      if (size > largeRoom || (looks += size) > mostLooks) continue
      for (const member of room.members.keys()) if (this.isConnected(member)) connected.add(member)
    }
    for (const partner of this.partners(user)) if (this.isConnected(partner)) connected.add(partner)
    connected.delete(user)
    return { connected: Array.from(connected, ({ name }) => name), rooms }
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
    this.elsewhere.tell(user.number, true)
  }

  /** A connection of the user ends. */
  end(user: User): void {
    const lease = this.leases.get(user)
    if (!lease || --lease.connections > 0 || this.closed) return
    lease.stay = this.deadlines.add(this.times.grace, () => {
      this.change(user)
      this.leases.delete(user)
      this.elsewhere.tell(user.number, false)
    })
  }

  /** The user is no more; those in its rooms know already. */
  remove(user: User): void {
    const isTold = this.changed.get(user) ?? this.isConnected(user)
    this.leases.get(user)?.stay?.()
    this.leases.delete(user)
    this.elsewhere.forget(user.number)
    this.changed.delete(user)
    if (!isTold) return
    const partners = Array.from(this.partners(user)).filter((partner) => this.hub.hears(partner))
    this.send(partners, { users: [{ username: user.name, presence: 'disconnected' }] })
  }

  /** Ends all that waits; nobody is told any more. */
  close(): void {
    this.closed = true
    this.deadlines.close()
  }

  private change(user: User): void {
    if (this.closed) return
    if (this.changed.size === 0) this.deadlines.add(this.times.gather, () => this.tell())
    if (!this.changed.has(user)) this.changed.set(user, this.isConnected(user))
  }

  /** Tells what has changed: each listener once, whatever it has in common with those who have come and gone. */
  private tell(): void {
    const changes = new PresenceChanges()
    let looked = 0
    for (const [user, before] of this.changed) {
      if (looked >= round.looks) break
      this.changed.delete(user)
      const isConnected = this.isConnected(user)
      if (before === isConnected) continue
      const { listeners, looks } = this.listenersOf(user)
      changes.add(user, isConnected ? 'connected' : 'disconnected', listeners)
      looked += looks
    }
    for (const { users, listeners } of changes.byListeners()) this.send(listeners, { users })
    if (this.changed.size > 0) this.deadlines.add(round.pause, () => this.tell())
  }

  /** Those who are told of a user, of large rooms only what is told of the room; and how many were looked at for it. */
  private listenersOf(user: User): { listeners: Set<User>; looks: number } {
    const listeners = new Set<User>()
    let looks = user.rooms.size
    for (const room of user.rooms.keys()) {
      if (!this.hub.hears(room)) continue
      if (room.members.size > largeRoom) this.noteLarge(room)
      else {
        looks += room.members.size
        for (const member of room.members.keys()) if (this.hub.hears(member)) listeners.add(member)
      }
    }
    for (const partner of this.partners(user)) if (this.hub.hears(partner)) listeners.add(partner)
    return { listeners, looks }
  }

  private noteLarge(room: Room): void {
    if (this.largeRooms.size === 0) this.deadlines.add(this.times.gatherLarge, () => this.tellLarge())
    this.largeRooms.add(room)
  }

  /** Each member is looked at, but that seldom that it is little beside telling those who listen. */
  private tellLarge(): void {
    let looked = 0
    for (const room of this.largeRooms) {
      if (looked >= round.looks) break
      this.largeRooms.delete(room)
      let connected = 0
      for (const member of room.members.keys()) if (this.isConnected(member)) connected++
      looked += room.members.size
      if (connected === this.counts.get(room)) continue
      this.counts.set(room, connected)
      this.send([room], { users: [], room_id: room.id, connected })
    }
    if (this.largeRooms.size > 0) this.deadlines.add(round.pause, () => this.tellLarge())
  }

  private send(audience: Audience, members: object): void {
    this.hub.tell(audience, new ToldEvent(eventJson('presence', members, this.now())))
  }
}

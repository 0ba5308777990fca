import { jetstream, type JetStreamClient } from '@nats-io/jetstream'
import { Kvm, type KV } from '@nats-io/kv'
import type { NatsConnection } from '@nats-io/transport-node'
import { isOvertaken, isStreamMissing } from './jetstream-errors.js'

/** Who has a lease. */
export interface LeaseHolder {
  readonly node: string
  /** The settings that are in force. */
  readonly settings: string
  /** It was given back. The entry stays, so that the settings are known. */
  readonly released?: boolean
}

export interface LeaseEntry extends Partial<LeaseHolder> {
  readonly revision: number
}

export interface LeaseBucketOptions {
  /** It stays open. */
  readonly connection: NatsConnection
  readonly prefix: string
  /** How many servers keep it. */
  readonly replicas: number
}

const key = 'chat'
/** A request is taken for lost after so long, in ms. */
const requestMs = 1000

/** The entry of the lease, in a bucket of its own. */
export class LeaseBucket {
  private readonly client: JetStreamClient
  private bucket: KV | undefined

  constructor(private readonly options: LeaseBucketOptions) {
    this.client = jetstream(options.connection, { timeout: requestMs })
  }

  /** Asks the server that leads, since others may be late. Undefined if there is no entry. */
  async read(): Promise<LeaseEntry | undefined> {
    try {
      this.bucket ??= await this.open()
      const entry = await this.bucket.get(key)
      if (!entry) return undefined
      const { revision, operation } = entry
      return operation === 'PUT' ? { ...entry.json<LeaseHolder>(), revision } : { revision }
    } catch (error) {
      // It is made anew.
      if (isStreamMissing(error)) this.bucket = undefined
      throw error
    }
  }

  /**
   * @param revision Of the entry that it replaces; 0 if there is none.
   * @returns its revision; undefined if another was written meanwhile
   */
  async write(holder: LeaseHolder, revision: number): Promise<number | undefined> {
    try {
      this.bucket ??= await this.open()
      return await this.bucket.put(key, JSON.stringify(holder), { previousSeq: revision, timeout: requestMs })
    } catch (error) {
      if (isOvertaken(error)) return undefined
      throw error
    }
  }

  private open(): Promise<KV> {
    const { prefix, replicas } = this.options
    return new Kvm(this.client).create(`${prefix}_leases`, { replicas, history: 1, allow_direct: false })
  }
}

import { jetstream, type JetStreamClient, type JetStreamManager, type StoredMsg } from '@nats-io/jetstream'
import { Objm, type ObjectInfo } from '@nats-io/obj'
import { headers, type NatsConnection } from '@nats-io/transport-node'
import { maxPayloadOf } from './connection.js'
import { isTooFewServers } from './jetstream-errors.js'
import { patiently } from './patiently.js'
import { SettingError } from '../settings.js'

export interface SnapshotBucketOptions {
  /** It stays open. */
  readonly connection: NatsConnection
  readonly prefix: string
  /** How many servers keep it. */
  readonly replicas: number
}

/** What is written of an object, as NATS has it (ADR-20), so that its own tools know it. */
export type ObjectRecord = Pick<ObjectInfo, 'name' | 'nuid' | 'size' | 'chunks' | 'digest'> & {
  readonly metadata?: Readonly<Record<string, string>>
  readonly deleted?: boolean
}

/** A request is taken for lost after so long, in ms. */
const requestMs = 5000

/**
 * The messages of an object store of NATS: a record an object, and its chunks. The library's own reading has a consumer that
 * is silent when its server dies, and puts all that comes into memory; its own writing gives up at the first late answer.
 */
export class SnapshotBucket {
  private readonly bucket: string
  private readonly stream: string
  private readonly client: JetStreamClient
  private manager: JetStreamManager | undefined

  constructor(private readonly options: SnapshotBucketOptions) {
    this.bucket = `${options.prefix}_snapshots`
    this.stream = `OBJ_${this.bucket}`
    this.client = jetstream(options.connection, { timeout: requestMs })
  }

  /** The largest message that servers take, in bytes. */
  get mostBytes(): number {
    return maxPayloadOf(this.options.connection)
  }

  /** Adds a chunk; twice with the same index is once. */
  async addChunk(nuid: string, index: number, bytes: Uint8Array): Promise<void> {
    await this.open()
    await patiently(() => this.client.publish(this.chunksOf(nuid), bytes, { msgID: `${nuid}.${index}` }))
  }

  /** The first chunk from a sequence on. Any server may give it; the one that leads says whether there is none. */
  async nextChunk(nuid: string, sequence: number): Promise<StoredMsg | undefined> {
    const manager = await this.open()
    const query = { seq: sequence, next_by_subj: this.chunksOf(nuid) }
    const chunk = await patiently(
      async () =>
        (await manager.direct.getMessage(this.stream, query)) ?? manager.streams.getMessage(this.stream, query),
    )
    return chunk ?? undefined
  }

  async countChunks(nuid: string): Promise<number> {
    return (await this.subjects(this.chunksOf(nuid))).get(nuid) ?? 0
  }

  /** Of all that have chunks, whether or not there is a record. */
  async ids(): Promise<string[]> {
    return Array.from((await this.subjects(this.chunksOf('>'))).keys())
  }

  /** The age of the newest chunk by the clock of the servers, in ms. */
  async ageOf(nuid: string): Promise<number> {
    const manager = await this.open()
    const [{ ts }, newest] = await Promise.all([
      patiently(() => manager.streams.info(this.stream)),
      patiently(() => manager.streams.getMessage(this.stream, { last_by_subj: this.chunksOf(nuid) })),
    ])
    // A server of an old version does not say its time.
    const now = ts === undefined ? Date.now() : Date.parse(ts)
    return newest ? now - newest.time.getTime() : 0
  }

  async removeChunks(nuid: string): Promise<void> {
    await this.purge(this.chunksOf(nuid))
  }

  /** Writes a record in the place of an earlier one of that name. */
  async putRecord(record: ObjectRecord): Promise<void> {
    await this.open()
    const rollup = headers()
    rollup.set('Nats-Rollup', 'sub')
    const text = JSON.stringify({ ...record, bucket: this.bucket, mtime: new Date().toISOString(), options: {} })
    await patiently(() => this.client.publish(this.recordOf(record.name), text, { headers: rollup }))
  }

  async removeRecord(name: string): Promise<void> {
    await this.purge(this.recordOf(name))
  }

  /** All records, the latest last. */
  async records(): Promise<ObjectRecord[]> {
    const manager = await this.open()
    const found: StoredMsg[] = []
    for (const name of (await this.subjects(`$O.${this.bucket}.M.>`)).keys()) {
      const query = { last_by_subj: `$O.${this.bucket}.M.${name}` }
      const message = await patiently(() => manager.streams.getMessage(this.stream, query))
      if (message) found.push(message)
    }
    found.sort((a, b) => a.seq - b.seq)
    return found.map((message) => message.json<ObjectRecord>()).filter(({ deleted }) => deleted !== true)
  }

  /** The last parts of subjects, and how many messages each has. */
  private async subjects(filter: string): Promise<Map<string, number>> {
    const manager = await this.open()
    const { state } = await patiently(() => manager.streams.info(this.stream, { subjects_filter: filter }))
    return new Map(
      Object.entries(state.subjects ?? {}).map(([subject, count]) => [subject.split('.').at(-1) ?? '', count]),
    )
  }

  private async purge(filter: string): Promise<void> {
    const manager = await this.open()
    await patiently(() => manager.streams.purge(this.stream, { filter }))
  }

  private async open(): Promise<JetStreamManager> {
    if (this.manager) return this.manager
    const manager = await patiently(() => this.client.jetstreamManager(false))
    await patiently(async () => {
      try {
        await new Objm(this.client).create(this.bucket, { replicas: this.options.replicas })
        await manager.streams.info(this.stream)
      } catch (error) {
        if (!isTooFewServers(error)) throw error
        throw new SettingError(
          `CHATROOM_NATS_REPLICAS is ${this.options.replicas}, but there are not as many NATS servers with JetStream that could keep snapshots. Start as many as a cluster, or set it to 1.`,
        )
      }
    })
    this.manager = manager
    return manager
  }

  private chunksOf(nuid: string): string {
    return `$O.${this.bucket}.C.${nuid}`
  }

  private recordOf(name: string): string {
    const encoded = Buffer.from(name).toString('base64').replaceAll('+', '-').replaceAll('/', '_')
    return `$O.${this.bucket}.M.${encoded}`
  }
}

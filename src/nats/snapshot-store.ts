import { createHash, randomUUID } from 'node:crypto'
import { open, rename, rm } from 'node:fs/promises'
import { dirname } from 'node:path'
import { DataError } from '../base/data-error.js'
import { syncFile } from '../storage/new-file.js'
import { SnapshotBucket, type ObjectRecord, type SnapshotBucketOptions } from './snapshot-bucket.js'

/** What is said of a snapshot when it is put. */
export interface SnapshotAbout {
  /** Of the latest entry that it has. */
  readonly position: number
  /** Where the log is read on after it. */
  readonly cursor: string
  /** Of the log. */
  readonly epoch: string
  /** The version of what it is. */
  readonly format: number
}

/** A snapshot that is kept. */
export interface KeptSnapshot<About extends SnapshotAbout = SnapshotAbout> {
  readonly about: About
  readonly sizeBytes: number
  /** Of the object that it is. */
  readonly id: string
  readonly chunks: number
  readonly digest: string
}

export interface SnapshotStoreOptions extends SnapshotBucketOptions {
  /** Chunks of a put that has not gone on for so long are removed, in ms. */
  readonly abandonedMs?: number
}

/** Told how far it has come, in bytes. */
export type OnBytes = (doneBytes: number, allBytes: number) => void

const mostChunkBytes = 2 ** 19
/** What a chunk has beside its bytes. */
const headroomBytes = 1024
/** So many are kept. */
const kept = 2
/** Longer than servers are waited for in between. */
const abandonedAfterMs = 600_000

/** Snapshots of the chat, which a node puts and others fetch. One that is there is there whole: its record comes last. */
export class SnapshotStore<About extends SnapshotAbout = SnapshotAbout> {
  private readonly bucket: SnapshotBucket
  private readonly abandonedMs: number

  constructor(options: SnapshotStoreOptions) {
    this.bucket = new SnapshotBucket(options)
    this.abandonedMs = options.abandonedMs ?? abandonedAfterMs
  }

  /**
   * Puts a file, and removes all but the newest two.
   * @throws {Error} if the servers do not answer, or have no room
   */
  async put(file: string, about: About, onBytes?: OnBytes): Promise<KeptSnapshot<About>> {
    await this.removeAbandoned()
    const id = randomUUID()
    try {
      const snapshot = await this.putChunks(id, file, about, onBytes)
      // Somebody may have taken it for abandoned.
      if ((await this.bucket.countChunks(id)) !== snapshot.chunks)
        throw new Error('The snapshot is not whole at the NATS servers: its chunks were removed while it was put.')
      await this.bucket.putRecord(recordOf(snapshot))
      await this.removeOlder()
      return snapshot
    } catch (error) {
      await this.bucket.removeChunks(id).catch(() => undefined)
      throw error
    }
  }

  /** All that are whole, the newest first: those of the log of the latest that was put by their positions, then others. */
  async list(): Promise<KeptSnapshot<About>[]> {
    const snapshots = (await this.bucket.records()).map((record) => keptOf<About>(record)).reverse()
    const epoch = snapshots[0]?.about.epoch
    const isLatest = ({ about }: KeptSnapshot): boolean => about.epoch === epoch
    const latest = snapshots.filter(isLatest).sort((a, b) => b.about.position - a.about.position)
    return [...latest, ...snapshots.filter((snapshot) => !isLatest(snapshot))]
  }

  /**
   * Fetches one to a file, which is there whole, and on disk, or not at all.
   * @throws {DataError} if it is damaged or not there any more
   */
  async fetch(snapshot: KeptSnapshot, file: string, onBytes?: OnBytes): Promise<void> {
    const partial = `${file}.partial`
    try {
      await this.fetchChunks(snapshot, partial, onBytes)
      await rename(partial, file)
      syncFile(dirname(file))
    } catch (error) {
      await rm(partial, { force: true })
      throw error
    }
  }

  private async putChunks(id: string, file: string, about: About, onBytes?: OnBytes): Promise<KeptSnapshot<About>> {
    const hash = createHash('sha256')
    const bytes = Buffer.alloc(Math.min(mostChunkBytes, this.bucket.mostBytes - headroomBytes))
    const handle = await open(file)
    try {
      const { size } = await handle.stat()
      let [chunks, doneBytes] = [0, 0]
      for (;;) {
        const { bytesRead } = await handle.read(bytes, 0, bytes.length)
        if (bytesRead === 0) break
        const chunk = bytes.subarray(0, bytesRead)
        hash.update(chunk)
        await this.bucket.addChunk(id, chunks++, chunk)
        doneBytes += bytesRead
        onBytes?.(doneBytes, size)
      }
      return { about, sizeBytes: doneBytes, id, chunks, digest: digestText(hash.digest()) }
    } finally {
      await handle.close()
    }
  }

  private async fetchChunks(
    { id, chunks, sizeBytes, digest }: KeptSnapshot,
    file: string,
    onBytes?: OnBytes,
  ): Promise<void> {
    const hash = createHash('sha256')
    const handle = await open(file, 'w', 0o600)
    try {
      let [sequence, doneBytes] = [0, 0]
      for (let index = 0; index < chunks; index++) {
        const chunk = await this.bucket.nextChunk(id, sequence + 1)
        if (!chunk)
          throw new DataError(`The snapshot at the NATS servers lacks chunk ${index + 1} of ${chunks}. ${cure}`)
        hash.update(chunk.data)
        await handle.writeFile(chunk.data)
        sequence = chunk.seq
        doneBytes += chunk.data.length
        onBytes?.(doneBytes, sizeBytes)
      }
      if (digestText(hash.digest()) !== digest)
        throw new DataError(`The snapshot at the NATS servers is damaged: its digest is another. ${cure}`)
      await handle.sync()
    } finally {
      await handle.close()
    }
  }

  private async removeOlder(): Promise<void> {
    for (const { about, id } of (await this.list()).slice(kept)) {
      await this.bucket.removeRecord(nameOf(about))
      await this.bucket.removeChunks(id)
    }
  }

  /** Removes what was left by a node that died while it put a snapshot, or removed one. */
  private async removeAbandoned(): Promise<void> {
    const ids = new Set((await this.list()).map(({ id }) => id))
    for (const id of await this.bucket.ids())
      if (!ids.has(id) && (await this.bucket.ageOf(id)) > this.abandonedMs) await this.bucket.removeChunks(id)
  }
}

const cure =
  'It was removed meanwhile, or the servers have lost a part. Take another one that is kept, or wait for the next.'

/** As NATS writes it: base64 for URLs, with its padding. */
const digestText = (digest: Buffer): string => `SHA-256=${digest.toString('base64url')}=`

const nameOf = ({ epoch, position }: SnapshotAbout): string => `${position} ${epoch}`

const recordOf = ({ about, sizeBytes, id, chunks, digest }: KeptSnapshot): ObjectRecord => ({
  name: nameOf(about),
  nuid: id,
  size: sizeBytes,
  chunks,
  digest,
  metadata: { about: JSON.stringify(about) },
})

const keptOf = <About extends SnapshotAbout>({
  nuid,
  size,
  chunks,
  digest,
  metadata,
}: ObjectRecord): KeptSnapshot<About> => ({
  about: JSON.parse(metadata?.['about'] ?? '{}') as About,
  sizeBytes: size,
  id: nuid,
  chunks,
  digest,
})

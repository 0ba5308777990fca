import { cp, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

/** Something that befalls a file of a folder. */
export interface Damage {
  readonly name: string
  befall(folder: string): Promise<void>
}

const pageSize = 4096
/** What a page begins with: its kind, how many rows it has, where they begin; then where each of them is. */
const pageHeader = 16

function damageTo(file: string, name: string, change: (bytes: Buffer) => Buffer): Damage {
  return {
    name: `${file}: ${name}`,
    async befall(folder) {
      const path = join(folder, file)
      await writeFile(path, change(await readFile(path)))
    },
  }
}

export const missing = (file: string): Damage => ({
  name: `${file}: missing`,
  befall: (folder) => rm(join(folder, file)),
})

/** The file is that of another folder. */
export const replaced = (file: string, from: string): Damage => ({
  name: `${file}: that of another folder`,
  befall: (folder) => cp(join(from, file), join(folder, file)),
})

export const both = (one: Damage, other: Damage): Damage => ({
  name: `${one.name}, ${other.name}`,
  async befall(folder) {
    await one.befall(folder)
    await other.befall(folder)
  },
})

/** The file has lost its end. */
export const cuts = (file: string): Damage[] => [
  damageTo(file, 'cut to nothing', () => Buffer.alloc(0)),
  damageTo(file, 'cut to a page', (bytes) => bytes.subarray(0, pageSize)),
  damageTo(file, 'cut to half', (bytes) => bytes.subarray(0, bytes.length / 2)),
  damageTo(file, 'a page cut off', (bytes) => bytes.subarray(0, Math.max(0, bytes.length - pageSize))),
  damageTo(file, 'a byte cut off', (bytes) => bytes.subarray(0, -1)),
]

/** A bit is another: the place and the bit are those that a number from 0 to 1 chooses, each anew. */
export const flipAnywhere = (file: string, place: number, bit: number): Damage =>
  damageTo(file, `a bit flipped at ${place}, ${bit}`, (bytes) => flip(bytes, Math.floor(place * bytes.length), bit))

/** A bit of what a page says of itself is another, where damage does the most. */
export const flipInHeader = (file: string, place: number, bit: number): Damage =>
  damageTo(file, `a bit flipped in the header of the page at ${place}, ${bit}`, (bytes) => {
    const within = place * (bytes.length / pageSize)
    const page = Math.floor(within)
    // The first page begins with the header of the file.
    const start = page === 0 ? 100 : page * pageSize
    return flip(bytes, start + Math.floor((within - page) * pageHeader), bit)
  })

function flip(bytes: Buffer, index: number, bit: number): Buffer {
  bytes[index] = (bytes[index] ?? 0) ^ (2 ** Math.floor(bit * 8))
  return bytes
}

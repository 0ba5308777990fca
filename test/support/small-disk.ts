import { execFile, execFileSync } from 'node:child_process'
import { mkdtempSync, rmdirSync } from 'node:fs'
import { mkdtemp, open, rm, statfs } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { Test } from 'tap'

const run = promisify(execFile)
const chunk = Buffer.alloc(4096)

/** Why no disk can be made, in a line; undefined if one can. */
export const missingDisks = reasonAgainstDisks()

function reasonAgainstDisks(): string | undefined {
  const folder = mkdtempSync(join(tmpdir(), 'chatroom-disk-'))
  try {
    execFileSync('mount', ['-t', 'tmpfs', 'tmpfs', folder], { stdio: 'pipe' })
    execFileSync('umount', [folder])
    return undefined
  } catch (error) {
    return `No small disk can be mounted to be filled: ${(error as Error).message.trim()}`
  } finally {
    rmdirSync(folder)
  }
}

/** A file system of a few MiB, in memory. */
export class SmallDisk {
  private constructor(readonly folder: string) {}

  /** It goes with the test. */
  static async mount(t: Test, mebibytes: number): Promise<SmallDisk> {
    const folder = await mkdtemp(join(tmpdir(), 'chatroom-disk-'))
    await run('mount', ['-t', 'tmpfs', '-o', `size=${mebibytes}m`, 'tmpfs', folder])
    t.teardown(async () => {
      await run('umount', ['--lazy', folder])
      await rm(folder, { recursive: true })
    })
    return new SmallDisk(folder)
  }

  /** Takes all space, but for so many bytes. */
  async fill(spare = 0): Promise<void> {
    const { bavail, bsize } = await statfs(this.folder)
    const file = await open(this.filler, 'a')
    try {
      for (let left = bavail * bsize - spare; left > 0; left -= chunk.length) await file.write(chunk)
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error
    } finally {
      await file.close()
    }
  }

  /** Gives the space back that {@link fill} has taken. */
  async empty(): Promise<void> {
    await rm(this.filler)
  }

  async makeReadOnly(): Promise<void> {
    await run('mount', ['-o', 'remount,ro', this.folder])
  }

  private get filler(): string {
    return join(this.folder, 'filler')
  }
}

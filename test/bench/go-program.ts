import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir, rename } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

/** A program of others that is built by Go, always the same version. */
export interface GoProgram {
  /** What people call it. */
  readonly name: string
  /** What the command is called that `go install` makes of it. */
  readonly command: string
  readonly package: string
  readonly version: string
}

const folder = fileURLToPath(new URL('../../node_modules/.cache/bench/', import.meta.url))
/** To build one takes minutes where there are few cores. */
const buildingTime = 1_800_000

/** The path of a program, which is built when it is asked for the first time; why it is not to be had, in a line, if it is not. */
export async function findProgram(program: GoProgram): Promise<{ path: string } | { missing: string }> {
  const path = join(folder, `${program.command}-${program.version}`)
  if (existsSync(path)) return { path }
  process.stderr.write(`${program.name} ${program.version} is built by Go, once; that takes some minutes.\n`)
  try {
    await mkdir(folder, { recursive: true })
    const env = { ...process.env, GOBIN: folder, GOFLAGS: '-trimpath' }
    const args = ['install', `${program.package}@${program.version}`]
    await promisify(execFile)('go', args, { env, timeout: buildingTime })
    await rename(join(folder, program.command), path)
    return { path }
  } catch (error) {
    const [reason = ''] = (error as Error).message
      .split('\n')
      .filter((line) => line !== '')
      .slice(-1)
    return { missing: `${program.name} could not be built: ${reason}` }
  }
}

import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Test } from 'tap'
import type { buildApp } from '../../src/app.js'
import { root, runBin } from '../clients/run-bin.js'

/** The sources, compiled as a release is: their threads start many times faster than those that tsx must translate. */
export interface Built {
  readonly buildApp: typeof buildApp
  /** The path of the compiled `fault-driver.ts`. */
  readonly driver: string
}

/** Compiles the sources; they go with the test. */
export async function build(t: Test): Promise<Built> {
  const folder = t.testdir()
  const project = join(folder, 'tsconfig.json')
  await writeFile(
    project,
    JSON.stringify({
      extends: join(root, 'tsconfig.json'),
      compilerOptions: { outDir: folder, rootDir: root },
      include: [join(root, 'src'), join(root, 'schemas'), join(root, 'test/support/fault-driver.ts')],
    }),
  )
  const { code, output } = await runBin('typescript', 'tsc', ['--project', project], root)
  if (code !== 0) throw new Error(output)
  const app = (await import(pathToFileURL(join(folder, 'src/app.js')).href)) as Pick<Built, 'buildApp'>
  return { buildApp: app.buildApp, driver: join(folder, 'test/support/fault-driver.js') }
}

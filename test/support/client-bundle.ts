import { join } from 'node:path'
import { build } from 'esbuild'
import { root } from '../clients/run-bin.js'

/** The client as a script for browsers, with all that it needs: a page has it as `ChatRoom`. */
export async function bundleClient(): Promise<{ readonly code: string; readonly inputs: readonly string[] }> {
  const { outputFiles, metafile } = await build({
    entryPoints: [join(root, 'src/client/index.ts')],
    bundle: true,
    minify: true,
    metafile: true,
    write: false,
    format: 'iife',
    globalName: 'ChatRoom',
    platform: 'browser',
    target: 'es2022',
  })
  return { code: outputFiles[0]?.text ?? '', inputs: Object.keys(metafile.inputs) }
}

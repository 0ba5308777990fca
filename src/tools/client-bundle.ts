import { build } from 'esbuild'

/**
 * The client as one ES module for browsers and Node.js, with all that it needs; and the files that went into it. It is made
 * of the checkout in which this runs.
 */
export async function bundleClient(): Promise<{ readonly code: string; readonly inputs: readonly string[] }> {
  const { outputFiles, metafile } = await build({
    entryPoints: ['src/client/index.ts'],
    bundle: true,
    minify: true,
    metafile: true,
    write: false,
    format: 'esm',
    platform: 'browser',
    target: 'es2022',
  })
  return { code: outputFiles[0]?.text ?? '', inputs: Object.keys(metafile.inputs) }
}

import { cp, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import t, { type Test } from 'tap'
import { tsImport } from 'tsx/esm/api'
import { compilerOptions } from './clients/compiler-options.js'
import { generators, type ClientGenerator } from './clients/generators.js'
import { root, runBin, type Ran } from './clients/run-bin.js'
import type { Connect } from './clients/seed-client.js'
import { useEverything } from './clients/use-everything.js'

const folder = await clientsFolder(t)

// The generator, the compiler and the server are processes of their own; two at a time keep two cores busy.
t.jobs = 2
for (const generator of generators) {
  void t.test(
    `a client that ${generator.name} makes compiles and speaks with the servers of this year and the next`,
    async (t) => {
      await generate(generator)
      await compile(generator)
      const connect = await load(generator)
      await useEverything(t, connect)
    },
  )
}

/** Copies the clients to where their generated parts may be; beside them the document, and what they import. */
async function clientsFolder(t: Test): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'chatroom-clients-'))
  t.teardown(() => rm(folder, { recursive: true, force: true }))
  await cp(join(root, 'test/clients'), folder, { recursive: true })
  await cp(join(root, 'openapi/openapi.json'), join(folder, 'openapi.json'))
  await writeFile(join(folder, 'package.json'), '{ "type": "module" }')
  await symlink(join(root, 'node_modules'), join(folder, 'node_modules'), 'junction')
  return folder
}

async function generate({ name, packageName, command, args }: ClientGenerator): Promise<void> {
  succeeded(await runBin(packageName, command, args, join(folder, name)))
}

/** The generated schema.d.ts counts as a library; of those, only TypeScript's own need no look. */
const generatedOptions = { ...compilerOptions, skipDefaultLibCheck: true }

async function compile({ name }: ClientGenerator): Promise<void> {
  await checkTypes(join(folder, name, 'generated'))
  await writeFile(
    join(folder, name, 'tsconfig.json'),
    JSON.stringify({ compilerOptions: generatedOptions, include: ['.'] }),
  )
  succeeded(await runBin('typescript', 'tsc', ['--project', '.'], join(folder, name)))
}

/** Some generators hide their files from the compiler; here it looks. */
async function checkTypes(generated: string): Promise<void> {
  const files = await readdir(generated, { recursive: true })
  for (const path of files.filter((file) => file.endsWith('.ts')).map((file) => join(generated, file))) {
    const text = await readFile(path, 'utf8')
    await writeFile(path, text.replace('// @ts-nocheck', ''))
  }
}

function succeeded({ code, output }: Ran): void {
  if (code !== 0) throw new Error(output)
}

async function load({ name }: ClientGenerator): Promise<Connect> {
  const { connect } = (await tsImport(pathToFileURL(join(folder, name, 'client.ts')).href, import.meta.url)) as {
    connect: Connect
  }
  return connect
}

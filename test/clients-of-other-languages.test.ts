import { cp, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t from 'tap'
import { languages } from './clients/languages.js'
import { root } from './clients/run-bin.js'
import { spokenClient } from './clients/spoken-client.js'
import { environment, runTool, tools, toolsMissing } from './clients/tools.js'
import { useEverything } from './clients/use-everything.js'
import { sayMissing } from './support/missing.js'

const missing = toolsMissing()
if (missing !== undefined) sayMissing(t, missing)
else {
  const folder = await mkdtemp(join(tmpdir(), 'chatroom-languages-'))
  t.teardown(() => rm(folder, { recursive: true, force: true }))
  await cp(join(root, 'test/clients'), folder, { recursive: true })
  await cp(join(root, 'openapi/openapi.json'), join(folder, 'openapi.json'))
  for (const { name, folder: own, build, run, listens } of languages(tools))
    void t.test(
      `a client that ${name} makes compiles and speaks with the servers of this year and the next`,
      async (t) => {
        const cwd = join(folder, own)
        for (const [command, ...args] of build) {
          const { code, output } = await runTool(command, args, cwd)
          if (code !== 0) throw new Error(`${command}: ${output}`)
        }
        const [command, ...args] = run
        await useEverything(t, (url) => spokenClient(t, command, [...args, url], { cwd, env: environment }), listens)
      },
    )
}

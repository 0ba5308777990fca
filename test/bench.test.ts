import { existsSync } from 'node:fs'
import { readdir, readFile } from 'node:fs/promises'
import t from 'tap'

const folder = 'test/bench'

void t.test('what is measured is there: benchmarks name built files, which no compiler looks for', async (t) => {
  const named = new Set<string>()
  for (const name of await readdir(folder)) {
    const text = await readFile(`${folder}/${name}`, 'utf8')
    for (const [, path = ''] of text.matchAll(/\bbuilt(?:File)?(?:<[^>]*>)?\('([^']+)\.js'\)/g)) named.add(path)
  }
  t.ok(named.has('src/server'))
  t.same(
    Array.from(named).filter((path) => !existsSync(`${path}.ts`)),
    [],
  )
})

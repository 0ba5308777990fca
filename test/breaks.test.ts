import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import t from 'tap'
import { root } from './clients/run-bin.js'
import { runTool, toolsMissing } from './clients/tools.js'
import { acceptedBreaks } from './released/accepted-breaks.js'
import { committed } from './support/documents.js'
import { sayMissing } from './support/missing.js'
import { folderOf } from './support/test-folder.js'

/** The document of the last release. */
const released = join(root, 'test/released/openapi.json')

interface Break {
  readonly id: string
  readonly text: string
  readonly operation: string
  readonly path: string
}

/** What in a document breaks clients of the last release. */
async function breaksIn(document: string): Promise<Break[]> {
  const { code, stdout, output } = await runTool('oasdiff', ['breaking', '-f', 'json', released, document], root)
  if (code !== 0) throw new Error(output)
  return JSON.parse(stdout) as Break[]
}

const isAccepted = ({ id, text }: Break): boolean =>
  acceptedBreaks.some((accepted) => accepted.id === id && accepted.text.test(text))

const missing = toolsMissing()
if (missing !== undefined) sayMissing(t, missing)
else {
  void t.test('nothing breaks clients of the last release, but for what is accepted with a reason', async (t) => {
    const breaks = await breaksIn(join(root, 'openapi/openapi.json'))
    t.same(
      breaks.filter((found) => !isAccepted(found)).map(({ operation, path, text }) => `${operation} ${path}: ${text}`),
      [],
    )
    const unused = acceptedBreaks.filter(
      ({ id, text }) => !breaks.some((found) => found.id === id && text.test(found.text)),
    )
    t.same(unused, [], 'what is accepted is there')
  })

  void t.test('a field that is left out, and one that is asked for anew, are breaks', async (t) => {
    const document = JSON.parse(await committed('openapi.json')) as {
      components: { schemas: Record<string, { required: string[]; properties: Record<string, unknown> }> }
    }
    const { SendResult, SendRequest } = document.components.schemas
    delete SendResult?.properties['sent_at']
    SendResult?.required.splice(SendResult.required.indexOf('sent_at'), 1)
    SendRequest?.required.push('client_id')
    const file = join(folderOf(t), 'openapi.json')
    await writeFile(file, JSON.stringify(document))
    const found = (await breaksIn(file)).filter((one) => !isAccepted(one))
    t.match(found.map(({ text }) => text).sort(), [/required property `sent_at`/, /`client_id` became required/])
  })
}

import { setTimeout as pauseFor } from 'node:timers/promises'
import type { Test } from 'tap'
import type { Entry } from '../../src/log/log.js'
import { gate } from './gate.js'
import type { Kind } from './log-contract.js'
import { numbered, opened, Recorder, writer } from './recorder.js'
import { until } from './remote.js'

/** For how long it is looked whether somebody is held up, in ms. */
const heldMs = 500

export function holdsReplay(t: Test, { make, writesItself = true }: Kind): void {
  void t.test('what it has is replayed, the same, once, from where it is asked to, and it goes on', async (t) => {
    const first = await opened(make(t))
    const texts = ['a', '', 'é\n💬', ...numbered(1000)]
    await Promise.all(texts.map(first.append))
    await first.log.close()

    const second = await opened(make(t), { writer: { vocabulary: 8, program: '2.0.0' } })
    t.same(second.recorder.facts(), first.recorder.facts())
    t.equal(await second.append('on'), `${texts.length + 1} on`)
    await second.log.close()

    const seen: number[] = []
    const pause = async (position: number, newest: number) => void seen.push(position, newest)
    const { position, cursor } = first.recorder.entries[699] as Entry
    const third = await opened(make(t), { after: { position, cursor }, pause })
    t.same(third.recorder.facts(), second.recorder.facts().slice(700))
    if (writesItself) t.same(third.recorder.entries.at(-1)?.writer, { vocabulary: 8, program: '2.0.0' })
    t.same(seen.slice(-2), [texts.length + 1, texts.length + 1])
    await third.log.close()
  })

  void t.test('who applies holds the replay up', async (t) => {
    const first = await opened(make(t))
    for (const text of numbered(6)) await first.append(text.repeat(2 ** 20))
    await first.log.close()

    const held = gate()
    const recorder = new Recorder()
    const log = make(t)
    const opening = log.open(recorder.apply, { writer, pause: held.pause })
    // Who is not held up is through before.
    await Promise.race([opening, pauseFor(heldMs)])
    t.ok(recorder.entries.length < 6, `${recorder.entries.length} of 6 are applied`)
    held.letThrough()
    await opening
    t.equal(recorder.entries.length, 6)
    await log.close()
  })

  void t.test('who has come further than the log is refused', async (t) => {
    const log = make(t)
    const after = { position: 1, cursor: '1' }
    await t.rejects(log.open(new Recorder().apply, { writer, after }), { name: 'DataError', message: /lost its end/ })
  })
}

export function holdsOthers(t: Test, { make }: Kind): void {
  void t.test('two logs on the same hand on the same entries, those of the other, too', async (t) => {
    const nodes = [await opened(make(t)), await opened(make(t))] as const
    const texts = numbered(200)
    const said = await Promise.all(texts.map((text, index) => nodes[index % 2 ? 1 : 0].append(text)))
    await until(() => nodes.every(({ recorder }) => recorder.entries.length >= texts.length))
    const [one, other] = nodes.map(({ recorder }) => recorder.facts())
    t.same(one, other)
    t.same(
      one?.map(({ position, text }) => `${position} ${text}`).sort(),
      said.map(String).sort(),
      'and answer what has come of them there',
    )
    for (const { log } of nodes) await log.close()
  })

  void t.test('who catches up has all that others had appended, however many ask', async (t) => {
    const [one, other] = [await opened(make(t)), await opened(make(t))]
    for (const text of numbered(20)) {
      const appended = one.append(text)
      const early = other.log.catchUp()
      await appended
      await Promise.all([early, other.log.catchUp()])
      t.equal(other.recorder.texts().at(-1), text)
    }
    await other.log.close()
    await other.log.catchUp()
    t.pass('one that is closed says nothing, but ends it')
    await one.log.close()
  })

  void t.test('who applies holds up what others append', async (t) => {
    const one = await opened(make(t))
    const held = gate()
    const slow = await opened(make(t), { pause: held.pause })
    for (const text of numbered(5)) await one.append(text)
    await Promise.race([until(() => slow.recorder.entries.length === 5), pauseFor(heldMs)])
    t.ok(slow.recorder.entries.length < 5, `${slow.recorder.entries.length} of 5 are applied`)
    held.letThrough()
    await until(() => slow.recorder.entries.length === 5)
    for (const { log } of [one, slow]) await log.close()
  })
}

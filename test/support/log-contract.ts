import type { Test } from 'tap'
import type { Log } from '../../src/log/log.js'
import { holdsOthers, holdsReplay } from './log-reading-contract.js'
import { numbered, opened, textOf, textPayload, writer } from './recorder.js'
import { until } from './remote.js'

/** Makes logs of one kind. */
export interface Kind {
  /** A log on what the others of this test have left, if it keeps anything. */
  readonly make: (t: Test) => Log
  readonly keeps: boolean
  /** Whether several logs at a time can be on the same. */
  readonly shared: boolean
  /** Whether what it appends is of its own writer, and not of a process that writes for it. It is, unless said otherwise. */
  readonly writesItself?: boolean
  /** A log that soon waits no longer for its engine, which can be made to say nothing; undefined if it always answers. */
  readonly makeStalling?: (t: Test) => { readonly log: Log; readonly stall: () => void; readonly goOn: () => void }
}

/** What every log promises, whatever it is made of. */
export function holdsContract(t: Test, kind: Kind): void {
  holdsOrder(t, kind)
  holdsAnswers(t, kind)
  if (kind.makeStalling) holdsUnknown(t, kind.makeStalling)
  if (kind.keeps) holdsReplay(t, kind)
  if (kind.shared) holdsOthers(t, kind)
}

function holdsOrder(t: Test, { make }: Kind): void {
  void t.test('many at once are applied once each, in order, without gaps, and answered', async (t) => {
    const { recorder, append } = await opened(make(t))
    const texts = numbered(2000)
    const said = await Promise.all(texts.map(append))
    t.same(
      said,
      texts.map((text, index) => `${index + 1} ${text}`),
    )
    t.same(recorder.texts(), texts)
    t.same(
      recorder.entries.map(({ position }) => position),
      texts.map((_text, index) => index + 1),
    )
    t.equal(new Set(recorder.entries.map(({ id }) => id)).size, texts.length, 'each has an id of its own')
  })

  void t.test('who appends gets back the very payload, with its writer', async (t) => {
    const { log, recorder } = await opened(make(t))
    const payload = textPayload('mine')
    await log.append(payload)
    t.equal(recorder.entries[0]?.payload, payload)
    t.same(recorder.entries[0]?.writer, writer)
  })

  void t.test('a log gives ids that no other gives', async (t) => {
    const ids: unknown[] = []
    for (const place of ['one', 'other'])
      await t.test(place, async (t) => {
        const { recorder, append } = await opened(make(t))
        await append('a')
        ids.push(recorder.entries[0]?.id)
      })
    t.not(ids[0], ids[1])
  })
}

function holdsAnswers(t: Test, { make }: Kind): void {
  void t.test('nobody is answered before the entry is applied', async (t) => {
    const { recorder, append } = await opened(make(t))
    await Promise.all(
      numbered(100).map(async (text) => {
        await append(text)
        if (!recorder.texts().includes(text)) t.fail(`${text} is answered, but not applied`)
      }),
    )
    t.equal(recorder.entries.length, 100)
  })

  void t.test('a client that asks again at once, or some promises later, is answered each time', async (t) => {
    const { log, recorder, append } = await opened(make(t))
    for (let promises = 0; promises < 20; promises++) {
      await append(String(promises))
      for (let count = 0; count < promises; count++) await Promise.resolve()
    }
    t.equal(recorder.entries.length, 20)
    await log.close()
  })

  void t.test('what apply throws is fatal: nothing is applied after it, and nobody is told an outcome', async (t) => {
    const log = make(t)
    const applied: string[] = []
    await log.open(
      ({ payload }) => {
        if (textOf(payload) === 'bad') throw new Error('cannot be applied')
        applied.push(textOf(payload))
      },
      { writer },
    )
    const ends = Promise.allSettled(['good', 'bad', 'next'].map((text) => log.append(textPayload(text))))
    await t.rejects(log.close(), { message: 'cannot be applied' })
    t.match(await ends, [
      { status: 'fulfilled' },
      { reason: { name: 'OutcomeUnknown' } },
      { reason: { name: 'OutcomeUnknown' } },
    ])
    t.same(applied, ['good'])
  })

  void t.test('it takes nothing before it is open or once it is closed; what is under way is committed', async (t) => {
    const log = make(t)
    await t.rejects(log.append(textPayload('early')), { name: 'LogUnavailable' })
    const { recorder, append } = await opened(log)
    t.equal(log.available, true)
    const last = append('last')
    const drained = log.drain()
    t.equal(log.available, false)
    await t.rejects(append('too late'), { name: 'LogUnavailable' })
    const closed = log.close()
    await t.rejects(append('late'), { name: 'LogUnavailable' })
    t.equal(await last, '1 last')
    await Promise.all([drained, closed, log.close()])
    t.equal(log.available, false)
    t.same(recorder.texts(), ['last'])
  })
}

function holdsUnknown(t: Test, make: NonNullable<Kind['makeStalling']>): void {
  void t.test('what the engine does not answer in time is unknown, and is applied once when it comes', async (t) => {
    const { log, stall, goOn } = make(t)
    const { recorder, append } = await opened(log)
    await append('before')
    stall()
    const first = append('first')
    await t.rejects(first, { name: 'OutcomeUnknown' })
    const texts = ['second', 'third']
    const ends = await Promise.allSettled(texts.map(append))
    t.same(recorder.texts(), ['before'], 'not before it is committed')
    goOn()
    await until(() => log.available && recorder.entries.length > 1)
    t.equal(await append('after'), `${recorder.entries.length} after`)
    const unknown = texts.filter((_text, index) => isUnknown(t, ends[index]))
    t.same(recorder.texts(), ['before', 'first', ...unknown, 'after'], 'what is unavailable never comes')
    await log.close()
  })
}

function isUnknown(t: Test, end: PromiseSettledResult<unknown> | undefined): boolean {
  const { name } = (end as PromiseRejectedResult).reason as Error
  t.match(name, /^(OutcomeUnknown|LogUnavailable)$/)
  return name === 'OutcomeUnknown'
}

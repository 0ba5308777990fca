import type { Test } from 'tap'
import type { CommandOf } from '../../schemas/commands.js'
import { ChatError } from '../../src/chat/chat-error.js'
import type { Entry, Log } from '../../src/log/log.js'

/** Makes logs of one kind. */
export interface Kind {
  /** A log on what the others of this test have left, if it keeps anything. */
  readonly make: (t: Test) => Log
  readonly keeps: boolean
}

const announce = (text: string): CommandOf<'announce'> => ({ type: 'announce', text })

/** Applies by remembering; a command of the text "refuse" is refused. */
export class Recorder {
  readonly entries: Entry[] = []
  readonly texts = () => this.entries.map(({ command }) => (command as CommandOf<'announce'>).text)

  readonly apply = (entry: Entry): unknown => {
    this.entries.push(entry)
    if ((entry.command as CommandOf<'announce'>).text === 'refuse') throw new ChatError('room_full', 'not here')
    return entry.position
  }
}

/** What every log promises, whatever it is made of. */
export function holdsContract(t: Test, { make, keeps }: Kind): void {
  void t.test(
    'many at once are applied once each, in order, without gaps, and answered with what apply said',
    async (t) => {
      const log = make(t)
      const recorder = new Recorder()
      await log.open(recorder.apply)
      const texts = Array.from({ length: 2000 }, (_, index) => String(index))
      const outcomes = await Promise.all(texts.map((text) => log.append(announce(text))))
      t.same(
        outcomes,
        texts.map((_text, index) => index + 1),
      )
      t.same(recorder.texts(), texts)
      t.same(
        recorder.entries.map(({ position }) => position),
        outcomes,
      )
    },
  )

  void t.test('nobody is answered before the entry is applied', async (t) => {
    const log = make(t)
    const recorder = new Recorder()
    await log.open(recorder.apply)
    await Promise.all(
      Array.from({ length: 100 }, async (_, index) => {
        const position = Number(await log.append(announce(String(index))))
        if (recorder.entries[position - 1]?.position !== position) t.fail(`${position} is answered, but not applied`)
      }),
    )
    t.equal(recorder.entries.length, 100)
  })

  void t.test('a client that asks again at once, or some promises later, is answered each time', async (t) => {
    const log = make(t)
    const recorder = new Recorder()
    await log.open(recorder.apply)
    for (let promises = 0; promises < 20; promises++) {
      await log.append(announce(String(promises)))
      for (let count = 0; count < promises; count++) await Promise.resolve()
    }
    t.equal(recorder.entries.length, 20)
    await log.close()
  })

  void t.test('what apply refuses is refused at its place, and the next ones go on', async (t) => {
    const log = make(t)
    const recorder = new Recorder()
    await log.open(recorder.apply)
    const results = await Promise.allSettled(['a', 'refuse', 'b'].map((text) => log.append(announce(text))))
    t.match(results, [{ value: 1 }, { reason: { code: 'room_full', message: 'not here' } }, { value: 3 }])
  })

  void t.test(
    'it takes nothing before it is open, and nothing once it is closed; what is under way is committed',
    async (t) => {
      const log = make(t)
      const recorder = new Recorder()
      await t.rejects(log.append(announce('early')), { code: 'log_unavailable' })
      await log.open(recorder.apply)
      t.equal(log.available, true)
      const last = log.append(announce('last'))
      const closed = log.close()
      await t.rejects(log.append(announce('late')), { code: 'log_unavailable' })
      t.equal(await last, 1)
      await Promise.all([closed, log.close()])
      t.equal(log.available, false)
      t.same(recorder.texts(), ['last'])
    },
  )

  if (!keeps) return

  void t.test(
    'what it has is replayed, the same, once, from where it is asked to, and it goes on behind it',
    async (t) => {
      const first = make(t)
      const before = new Recorder()
      await first.open(before.apply)
      const texts = ['a', 'refuse', 'é\n💬', ...Array.from({ length: 1000 }, (_, index) => `x${index}`)]
      await Promise.allSettled(texts.map((text) => first.append(announce(text))))
      await first.close()

      const second = make(t)
      const after = new Recorder()
      await second.open(after.apply)
      t.same(after.entries, before.entries)
      t.equal(await second.append(announce('on')), texts.length + 1)
      await second.close()

      const third = make(t)
      const tail = new Recorder()
      const seen: number[] = []
      const pause = async (position: number, newest: number) => void seen.push(position, newest)
      await third.open(tail.apply, { after: 700, pause })
      t.same(tail.entries[0], before.entries[700])
      t.equal(tail.entries.at(-1)?.position, texts.length + 1)
      t.same(seen.slice(-2), [texts.length + 1, texts.length + 1])
    },
  )

  void t.test('a state that has come further than the log is refused', async (t) => {
    const log = make(t)
    await t.rejects(log.open(new Recorder().apply, { after: 1 }), { name: 'DataError', message: /lost its end/ })
  })
}

import type { Test } from 'tap'

export interface Again {
  /** The files, without `.test.ts`. */
  readonly suites: readonly string[]
  /** The titles of what cannot be so there, and why. Before a title may stand a transport. */
  readonly leftOut: Readonly<Record<string, string>>
  /** Why a test need not run there, by its title; undefined if it does. */
  readonly isNeedless?: (title: string) => string | undefined
}

/** What a folder keeps is not like what memory alone does. */
export const kept: Again['leftOut'] = {
  'when the memory for messages is full, the oldest are forgotten': 'what is in a folder is not forgotten',
  'only so many client_ids are remembered': 'what is in a folder is remembered',
}

/** Runs suites again, elsewhere than they run by themselves. */
export async function runAgain(t: Test, { suites, leftOut, isNeedless = () => undefined }: Again): Promise<void> {
  const test = t.test.bind(t) as (title: string, ...rest: unknown[]) => Promise<unknown>
  t.test = ((title: string, ...rest: unknown[]) => {
    const [, impossible] = Object.entries(leftOut).find(([end]) => title.endsWith(end)) ?? []
    const skip = impossible ?? isNeedless(title)
    return skip === undefined ? test(title, ...rest) : test(title, { skip })
  }) as Test['test']
  try {
    for (const suite of suites) await import(`../${suite}.test.js`)
  } finally {
    t.test = test as Test['test']
  }
}

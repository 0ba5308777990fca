import type { Test } from 'tap'

/** What no installation gives: whoever runs the tests may not do it on this system. */
const forbidden = /not permitted|permission denied|superuser/i

/** Says in a line why a suite is skipped. In CI, where all that it needs is installed, that is a failure. */
export function sayMissing(t: Test, reason: string): void {
  if (process.env['CI'] === 'true' && !forbidden.test(reason)) t.fail(reason)
  else void t.test(reason, { skip: reason }, () => undefined)
}

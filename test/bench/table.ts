/** A line of the report. */
export interface Row {
  readonly part: string
  readonly compared: string
  readonly goal: string
  /** By the clock: the median of the rounds, with the least and the most. */
  readonly measured: string
  /** The same by the server's CPU time, where that is known. */
  readonly cpu?: string
  /** What the ratio is made of; it says more of the machine than of the code. */
  readonly absolute: string
}

/** The row of what could not be measured. */
export const leftOut = (part: string, reason: string): Row => ({
  part,
  compared: `left out: ${reason}`,
  goal: '',
  measured: '',
  absolute: '',
})

const titles = ['part', 'what is compared', 'goal', 'measured', 'by server CPU', 'absolute']

/** The report as one table of Markdown. */
export function table(rows: readonly Row[]): string {
  const cells = rows.map(({ part, compared, goal, measured, cpu = '', absolute }) => [
    part,
    compared,
    goal,
    measured,
    cpu,
    absolute,
  ])
  const lines = [titles, titles.map(() => '---'), ...cells]
  return lines.map((line) => `| ${line.join(' | ')} |\n`).join('')
}

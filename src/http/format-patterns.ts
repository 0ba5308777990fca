import { patterns } from '../../schemas/patterns.js'

const isOurs = (format: unknown): format is keyof typeof patterns => typeof format === 'string' && format in patterns

/** Puts beside each format that is ours, anywhere below, what a tool can check that does not know it. */
export function showPatterns(node: unknown): void {
  if (typeof node !== 'object' || node === null) return
  if ('format' in node && isOurs(node.format)) Object.assign(node, { pattern: patterns[node.format] })
  Object.values(node).forEach(showPatterns)
}

import { closeCodes, mayComeBack, protocolCloseCodes } from '../../schemas/close-codes.js'
import { code, table } from './markdown.js'

/** Every code that a WebSocket is closed with, as a table in Markdown: those of RFC 6455 first, which come without a name. */
export const closeCodesTable = (): string =>
  table(
    ['Code', 'Name', 'Come back', 'When'],
    [
      ...Object.entries(protocolCloseCodes).map(([number, when]) => row(Number(number), '', when)),
      ...Object.entries(closeCodes).map(([name, { code: number, when }]) => row(number, code(name), when)),
    ],
  )

const row = (number: number, name: string, when: string): string[] => [
  String(number),
  name,
  mayComeBack(number) ? 'yes' : 'no',
  when,
]

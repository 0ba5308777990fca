/** What makes a client from the document, run in the folder that bears its name. */
export interface ClientGenerator {
  readonly name: string
  readonly packageName: string
  readonly command: string
  readonly args: string[]
}

const document = '../openapi.json'

export const generators: readonly ClientGenerator[] = [
  {
    name: 'openapi-typescript',
    packageName: 'openapi-typescript',
    command: 'openapi-typescript',
    args: [document, '--output', 'generated/schema.d.ts'],
  },
  {
    name: 'hey-api',
    packageName: '@hey-api/openapi-ts',
    command: 'openapi-ts',
    args: ['--input', document, '--output', 'generated', '--no-log-file'],
  },
  // It finds orval.config.mjs by itself.
  { name: 'orval', packageName: 'orval', command: 'orval', args: [] },
  {
    name: 'swagger-typescript-api',
    packageName: 'swagger-typescript-api',
    command: 'swagger-typescript-api',
    args: [
      'generate',
      '--path',
      document,
      '--output',
      'generated',
      '--name',
      'api.ts',
      '--silent',
      '--module-name-first-tag',
      '--enum-style',
      'union',
    ],
  },
]

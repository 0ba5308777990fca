type Command = readonly [string, ...string[]]

/** A client in another language: a program that answers lines, beside which the generated part is made. */
export interface Language {
  /** What generates it. */
  readonly name: string
  /** Its folder here. */
  readonly folder: string
  /** What generates and compiles it there. */
  readonly build: readonly Command[]
  /** What runs it there; the URL of the server is added. */
  readonly run: Command
  /** Whether it can read events. */
  readonly listens: boolean
}

const document = '../openapi.json'

const java = {
  generate: ['generate', '-i', document, '-g', 'java', '--library', 'native', '-o', 'generated'],
  parts: 'apis,models,supportingFiles,apiDocs=false,modelDocs=false,apiTests=false,modelTests=false',
}

/** @param tools Where the tools are. */
export const languages = (tools: string): readonly Language[] => [
  {
    name: 'openapi-python-client',
    folder: 'python',
    build: [['openapi-python-client', 'generate', '--path', document, '--meta', 'none', '--output-path', 'generated']],
    run: ['python3', 'client.py'],
    listens: true,
  },
  {
    name: 'oapi-codegen',
    folder: 'oapi-codegen',
    build: [
      ['mkdir', 'generated'],
      ['oapi-codegen', '-package', 'generated', '-o', 'generated/client.go', document],
      ['go', 'build', '-o', 'client', '.'],
    ],
    run: ['./client'],
    listens: true,
  },
  {
    name: 'ogen',
    folder: 'ogen',
    build: [
      ['ogen', '--config', 'ogen.yml', '--target', 'generated', '--package', 'generated', document],
      ['go', 'build', '-o', 'client', '.'],
    ],
    run: ['./client'],
    // It knows no object that is one of several without being told which by a closed list.
    listens: false,
  },
  {
    name: 'openapi-generator',
    folder: 'java',
    build: [
      ['java', '-jar', `${tools}/java/openapi-generator-cli.jar`, ...java.generate, '--global-property', java.parts],
      [
        'javac',
        '-proc:none',
        '-nowarn',
        '-d',
        'classes',
        '-cp',
        `${tools}/java/lib/*`,
        '-sourcepath',
        'generated/src/main/java',
        'Client.java',
      ],
    ],
    run: ['java', '-XX:TieredStopAtLevel=1', '-cp', `classes:${tools}/java/lib/*`, 'Client'],
    listens: true,
  },
]

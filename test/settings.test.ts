import { parseEnv } from 'node:util'
import fc from 'fast-check'
import t from 'tap'
import { parseEnvFile } from '../src/env-file.js'
import { risksOf } from '../src/risks.js'
import { readEnvironment, settingsFrom, unknownSettings } from '../src/settings.js'
import { runs } from './support/random.js'
import { folderOf } from './support/test-folder.js'

void t.test('each kind of setting says what it must be', async (t) => {
  for (const [environment, says] of [
    [{ PORT: '70000' }, /PORT is "70000", but must be a whole number/],
    [{ PORT: '1e3' }, /PORT is "1e3"/],
    [{ PORT: '0x10' }, /PORT is "0x10"/],
    [{ PORT: '08080' }, /PORT is "08080"/],
    [{ CHATROOM_USERS: '+5' }, /CHATROOM_USERS is "\+5"/],
    [{ CHATROOM_AUTH: 'maybe' }, /CHATROOM_AUTH is "maybe", but must be "open" or "token"\./],
    [
      { CHATROOM_CORS_ORIGIN: 'a.example' },
      /CHATROOM_CORS_ORIGIN is "a\.example", but must be "\*" or a list of origins/,
    ],
    [{ CHATROOM_TRUST_PROXY: 'proxy' }, /CHATROOM_TRUST_PROXY is "proxy", but must be .* a list of addresses/],
    [{ CHATROOM_TRUST_PROXY: '1' }, /CHATROOM_TRUST_PROXY is "1"/],
    [{ CHATROOM_GUEST_TTL: '-1' }, /CHATROOM_GUEST_TTL is "-1", but must be a whole number from 1 .* \(seconds\)/],
    [{ CHATROOM_OPERATOR_TOKEN: 'short' }, /CHATROOM_OPERATOR_TOKEN is something else, but must be 16 to 256/],
  ] as const) {
    t.throws(() => settingsFrom(environment), { name: 'SettingError', message: says })
  }
  t.equal(settingsFrom({ PORT: '' }).PORT, 5003, 'an empty one is as good as none')
})

void t.test('all that is wrong is told at once, and what misspelt names were meant to be', async (t) => {
  const environment = { PORT: 'http', CHATROOM_AUTH: 'maybe', CHATROOM_ATUH: 'token', CHATROOM_GUEST_TTL: '60' }
  let message = ''
  try {
    settingsFrom(environment)
  } catch (error) {
    message = (error as Error).message
  }
  const [first, ...lines] = message.split('\n')
  t.equal(first, 'several things are wrong.')
  t.match(lines.sort(), [
    /^- CHATROOM_ATUH is not a setting; did you mean CHATROOM_AUTH\?$/,
    /^- CHATROOM_AUTH is "maybe", but must be/,
    /^- PORT is "http", but must be/,
  ])
})

void t.test('names that look like settings and are none are told, with the nearest', async (t) => {
  for (const [name, says] of [
    ['CHATROOM_RATE_LIMT', 'did you mean CHATROOM_RATE_LIMIT?'],
    ['chatroom_auth', 'did you mean CHATROOM_AUTH?'],
    ['CHATROM_AUTH', 'did you mean CHATROOM_AUTH?'],
    ['CHAT_ROOM_DATA', 'did you mean CHATROOM_DATA?'],
    ['CHATROOM_PORT', 'did you mean PORT?'],
    ['CHATROOM_SERVICE_PORT_HTTPS', 'openapi/settings.md lists them.'],
  ] as const)
    t.same(unknownSettings({ [name]: '1', PATH: '/bin', CHATROOM_AUTH: 'open' }), [`${name} is not a setting; ${says}`])
})

void t.test('a line of an .env file that is none is refused by its number, and nothing of it is shown', async (t) => {
  for (const [text, number, says] of [
    ['A=1\n\n# none\nSECRET\nB=2', 4, /^is not NAME=value$/],
    ['SECRET VALUE=1', 1, /^is not NAME=value$/],
    ['=SECRET', 1, /^is not NAME=value$/],
    ['A="one\ntwo"\nSECRET', 3, /^is not NAME=value$/],
    ['A=1\nB="SECRET\nC=3', 2, /^has a value whose quote " is not closed$/],
    ["A='SECRET' more", 1, /^has more behind the quotes/],
    ['A=1\nTOKEN=SECRET#more', 2, /^has a # in its value: put the value in quotes$/],
  ] as const) {
    const { badLines } = parseEnvFile(text)
    t.match(badLines[0], { number, wrong: says }, text)
    t.notMatch(JSON.stringify(badLines), /SECRET/)
    const file = folderOf(t, { env: text })
    t.throws(() => readEnvironment(`${file}/env`, {}), {
      name: 'SettingError',
      message: new RegExp(`Line ${number} of `),
    })
  }
  t.same(parseEnvFile('A=1\nSECRET\nB=2\nMORE\n').badLines.length, 2, 'all are told')
})

void t.test('a file that is not UTF-8 is refused', async (t) => {
  const folder = folderOf(t, { env: Buffer.from('\ufeffA=1\n', 'utf16le') })
  t.throws(() => readEnvironment(`${folder}/env`, {}), {
    name: 'SettingError',
    message: /cannot be read: it is not UTF-8/,
  })
})

void t.test('what is well-formed is read as Node.js reads it', async (t) => {
  const space = fc.constantFrom('', ' ', '  ')
  const plain = fc.stringMatching(/^[\w./:*=,-]*$/)
  const inner = fc.stringMatching(/^[\w #=\\n\n.]*$/)
  const quoted = fc.tuple(fc.constantFrom('"', "'", '`'), inner).map(([quote, text]) => `${quote}${text}${quote}`)
  const comment = fc.constantFrom('', ' # a comment')
  const line = fc.oneof(
    fc
      .tuple(space, fc.constantFrom('', 'export '), fc.stringMatching(/^[A-Z]\w{0,5}$/), space, space, plain, comment)
      .map(([before, word, name, one, two, value, end]) => `${before}${word}${name}${one}=${two}${value}${end}`),
    fc
      .tuple(fc.stringMatching(/^[A-Z]\w{0,5}$/), quoted, comment)
      .map(([name, value, end]) => `${name}=${value}${end}`),
    // A comment that is indented, or has an equals sign, Node.js may take for more than one.
    fc.constantFrom('', '# a comment'),
  )
  const file = fc.tuple(fc.array(line, { maxLength: 8 }), fc.constantFrom('\n', '\r\n'))
  fc.assert(
    fc.property(file, ([lines, end]) => {
      const text = lines.join(end)
      t.same(parseEnvFile(text), { values: { ...parseEnv(text) }, badLines: [] }, JSON.stringify(text))
    }),
    runs(300, 3000),
  )
})

void t.test('what is risky in settings is said, with the cure', async (t) => {
  for (const [environment, ...says] of [
    [{ HOST: '127.0.0.1', CHATROOM_RATE_LIMIT: '0' }, /Guests are open/],
    [{}, /Guests are open/, /Any page.*CHATROOM_CORS_ORIGIN.*CHATROOM_HOSTS/],
    [{ CHATROOM_CORS_ORIGIN: 'https://a.example' }, /Guests are open/],
    [{ CHATROOM_AUTH: 'token' }],
    [{ CHATROOM_AUTH: 'token', CHATROOM_PASSWORD_RATE_LIMIT: '0' }, /CHATROOM_PASSWORD_RATE_LIMIT is 0/],
  ] as const) {
    const risks = risksOf(settingsFrom(environment))
    t.match(risks, says, JSON.stringify(environment))
    t.equal(risks.length, says.length)
  }
})

import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { openDatabase, scalar, type Database } from '../src/storage/database.js'
import { archiveFormat } from '../src/archive/archive-format.js'
import { verify } from '../src/cli/verify.js'
import { logFormat } from '../src/log/log-format.js'
import type { StoredGroup } from '../src/log/stored-group.js'
import { bringUp, type Format } from '../src/storage/format.js'
import { called } from './support/cli.js'
import { filledFolder } from './support/folders.js'
import { folderOf } from './support/test-folder.js'
import { makeOlder } from './support/log-rows.js'
import { inFolder, openChat } from './support/open-chat.js'
import { runServer, startServer } from './support/server.js'

const applicationId = 0x54_65_73_74
const first = (database: Database) => {
  database.exec("CREATE TABLE words (word TEXT); INSERT INTO words VALUES ('kept')")
}
const second = (database: Database) => {
  database.exec('ALTER TABLE words ADD COLUMN length INTEGER; UPDATE words SET length = length(word)')
}
const failing = (database: Database) => {
  database.exec('DELETE FROM words')
  throw new Error('the step fails')
}
const formatOf = (...steps: Format['steps']): Format => ({ applicationId, steps })

/** Opens a database of the test, and closes it again. */
function using<T>(t: Test, act: (database: Database, file: string) => T): T {
  const file = join(folderOf(t), 'words.db')
  const database = openDatabase(file)
  try {
    return act(database, file)
  } finally {
    database.close()
  }
}

void t.test('a file of an older format is brought to the present one, with all that is in it', async (t) => {
  using(t, (database, file) => {
    bringUp(database, file, formatOf(first))
  })
  using(t, (database, file) => {
    bringUp(database, file, formatOf(first, second))
    t.match(database.prepare('SELECT * FROM words').all(), [{ word: 'kept', length: 4 }])
    t.equal(scalar(database, 'PRAGMA user_version'), 2)
    bringUp(database, file, formatOf(first, second))
    t.equal(database.prepare('SELECT * FROM words').all().length, 1, 'once')
  })
})

void t.test('a step that fails leaves the file as it was', async (t) => {
  using(t, (database, file) => {
    bringUp(database, file, formatOf(first))
    t.throws(() => {
      bringUp(database, file, formatOf(first, failing))
    }, /the step fails/)
    t.equal(scalar(database, 'PRAGMA user_version'), 1)
    t.match(database.prepare('SELECT * FROM words').all(), [{ word: 'kept' }])
  })
})

void t.test('a newer file, and one of another program, are refused, and stay as they are', async (t) => {
  using(t, (database, file) => {
    bringUp(database, file, formatOf(first, second))
    t.throws(() => {
      bringUp(database, file, formatOf(first))
    }, /words\.db has format 2, but this server knows formats up to 1: a newer one has written it/)
    t.throws(() => {
      bringUp(database, file, { ...formatOf(first, second), applicationId: 1 })
    }, /words\.db is not what a ChatRoom has written/)
    t.match(database.prepare('SELECT * FROM words').all(), [{ word: 'kept', length: 4 }])
  })
})

void t.test('a folder of the first format is brought to the present one, and works', async (t) => {
  const folder = await filledFolder(t)
  const file = join(folder, 'archive.db')
  await rm(file)
  const firstFormat = { ...archiveFormat, steps: archiveFormat.steps.slice(0, 1) }
  const archive = openDatabase(file)
  bringUp(archive, file, firstFormat)
  t.match(await called(verify, folder), { code: 1, out: /archive\.db has format 1, .* start the server once/ })

  const pages: string[] = []
  for (let start = 1; start <= 3; start++) {
    const chat = await openChat(await inFolder(folder))
    pages.push((await chat.poll({ username: 'bob' }, { tokenHash: undefined })).toString())
    await chat.announce(`start ${start}`)
    await chat.close()
  }
  t.match(pages[0], /message.* 1 /)
  t.same(pages, [pages[0], pages[0], pages[0]])
  t.equal(scalar(archive, 'PRAGMA user_version'), archiveFormat.steps.length)
  t.match(await called(verify, folder), { code: 0, out: /Nothing is wrong\.\n$/ })
  t.throws(() => {
    bringUp(archive, file, firstFormat)
  }, /archive\.db has format 4, but this server knows formats up to 1: a newer one has written it/)
  archive.close()
})

void t.test('a log of the second format is read as it is, and goes on in the present one', async (t) => {
  const folder = await filledFolder(t)
  const file = join(folder, 'log.db')
  const sent = async () => {
    const chat = await openChat(await inFolder(folder))
    const page = (await chat.poll({ username: 'bob' }, { tokenHash: undefined })).toString()
    await chat.announce(`after ${page.length}`)
    await chat.close()
    return page
  }
  makeOlder(folder)
  t.match(await called(verify, folder), { code: 0, out: /Nothing is wrong\.\n$/ }, 'by commands, too')
  // Without its archive, all of it is replayed.
  await rm(join(folder, 'archive.db'))
  const page = await sent()
  t.match(page, /message.* 1 /)
  t.equal(await sent(), page)
  const log = openDatabase(file)
  t.equal(scalar(log, 'PRAGMA user_version'), 3)
  const rows = log.prepare('SELECT * FROM log ORDER BY first').all() as StoredGroup[]
  const forms = rows.map(({ entries }) => entries[0])
  t.same([forms[0], forms.at(-1)], ['['.charCodeAt(0), 3], 'each row stays as it was written')
  t.match(await called(verify, folder), { code: 0, out: /Nothing is wrong\.\n$/ })
  t.throws(() => {
    bringUp(log, file, { ...logFormat, steps: logFormat.steps.slice(0, 2) })
  }, /log\.db has format 3, but this server knows formats up to 2: a newer one has written it/)
  log.close()
})

void t.test('a folder of a newer server is refused in one line that says so', async (t) => {
  const server = await startServer(t)
  await server.stop()
  const data = join(server.folder, 'data')
  for (const name of ['log.db', 'archive.db']) {
    const database = openDatabase(join(data, name))
    const version = Number(scalar(database, 'PRAGMA user_version'))
    database.exec('PRAGMA user_version = 99')
    const { code, output } = await runServer(t, { CHATROOM_DATA: data, CHATROOM_LOG_LEVEL: 'silent' })
    t.equal(code, 1)
    t.match(
      output,
      new RegExp(`^chatroom cannot start: \\S*${name} has format 99, but .* a newer one has written it.*\\n$`),
    )
    database.exec(`PRAGMA user_version = ${version}`)
    database.close()
  }
})

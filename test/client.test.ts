import t from 'tap'
import { transportNames } from '../src/client/transports/transport.js'
import { connecting } from './client/connecting.js'
import { operations } from './client/operations.js'
import { restarting } from './client/restarting.js'
import { sending } from './client/sending.js'
import { sessions } from './client/sessions.js'
import { transports } from './client/transports.js'

// Most of them wait for something; together they wait no longer.
t.jobs = 5
void t.test('operations', operations)
for (const transport of transportNames) void t.test(`listening by ${transport}`, (t) => connecting(t, transport))
void t.test('the choice of a transport', transports)
void t.test('sending', sending)
void t.test('after a restart all are back soon, and not all at once', restarting)
void t.test('sessions', sessions)

import t from 'tap'
import { transports } from './support/listener.js'
import { liveSuite } from './support/live-suite.js'

for (const transport of transports) liveSuite(t, transport)

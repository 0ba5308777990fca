/**
 * An arrow goes down only: a room may know those that stand below it in this list, and none above. `npm run lint` sees to it.
 * Imports of types count, since what must be known to be understood is known.
 */
const rooms = {
  node: '^src/(node/|(app|server|cli)\\.ts$)',
  // Transports.
  cli: '^src/cli/',
  doctor: '^src/doctor/',
  'data-folder': '^src/data-folder/',
  routes: '^src/routes/',
  live: '^src/live/',
  http: '^src/http/',
  // Projections.
  archive: '^src/archive/',
  hub: '^src/hub/',
  core: '^src/chat/',
  log: '^src/log/',
  // The base, which knows nothing of chat.
  nats: '^src/nats/',
  settings: '^src/(settings|env-file|logger|version)\\.ts$',
  storage: '^src/storage/',
  base: '^src/base/',
}

const forbid = (name, comment, from, to) => ({
  name,
  comment,
  severity: 'error',
  from: { path: from },
  to: Array.isArray(to) || typeof to === 'string' ? { path: to } : to,
})

const paths = Object.values(rooms)
const disk = '^(node:)?(fs|sqlite|worker_threads|net|http|https)(/|$)'

export default {
  forbidden: [
    ...Object.entries(rooms)
      .slice(1)
      .map(([name, path], index) =>
        forbid(
          `${name}-knows-none-above`,
          'It may know what stands below it. What it needs from above, it states as an interface of its own.',
          path,
          paths.slice(0, index + 1),
        ),
      ),
    forbid(
      'projections-stand-apart',
      'A projection knows what the core says has happened, and no other projection.',
      rooms.archive,
      rooms.hub,
    ),
    forbid(
      'core-knows-no-engine',
      'The core knows the port of the log, and neither an engine nor the disk.',
      rooms.core,
      ['^src/log/(?!log\\.ts$)', rooms.storage, disk],
    ),
    forbid('log-knows-base-alone', 'The log carries bytes, and knows no command.', rooms.log, '^schemas/'),
    forbid(
      'base-knows-no-chat',
      'Of the base, the settings alone have a schema.',
      [rooms.storage, rooms.base],
      '^schemas/',
    ),
    forbid('schemas-stand-below', 'Schemas know each other alone.', '^schemas/', '^src/'),
    forbid('client-stands-alone', 'The client is a package of its own, with the schemas alone.', '^src/client/', {
      path: '^src/',
      pathNot: '^src/client/',
    }),
    forbid('nobody-knows-client', 'The client speaks to the server over the network.', paths, '^src/client/'),
    forbid('nobody-knows-tools', 'Tools are not published.', ['^src/(?!tools/)', '^schemas/'], '^src/tools/'),
    forbid(
      'no-circles',
      'Two files that need each other are one, or need a third; types may speak of each other.',
      '',
      {
        circular: true,
        viaOnly: { dependencyTypesNot: ['type-only'] },
      },
    ),
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
  },
}

import { Type } from '@sinclair/typebox'
import { closed, component, oneOfSoFar, ref, success } from './component.js'
import { fixed } from './limits.js'
import { operation } from './operation.js'
import { written } from './own-writes.js'

export const AnnouncementRequestSchema = component(
  'AnnouncementRequest',
  Type.Object(
    {
      announcement: Type.String({
        maxLength: fixed.announcement,
        format: 'well-formed',
        description: 'The text; it may be empty.',
      }),
    },
    {
      ...closed,
      description: 'The announcement as it shall be.',
      examples: [{ announcement: 'Welcome to ChatRoom.' }],
    },
  ),
)

export const AnnouncementResultSchema = component(
  'AnnouncementResult',
  written(
    { announcement: Type.String({ description: 'The text of the announcement, without the white space around it.' }) },
    {
      description: 'The announcement as it is.',
      examples: [{ status: 'success', announcement: 'Welcome to ChatRoom.' }],
    },
  ),
)

export const HealthResultSchema = component(
  'HealthResult',
  success(
    {
      client_address: Type.Optional(
        Type.String({
          description:
            'The address that the server sees the caller at, by which allowances are counted: that of a proxy, where the server does not believe what the proxy says.',
        }),
      ),
    },
    { description: 'It is as it should be.', examples: [{ status: 'success', client_address: '203.0.113.7' }] },
  ),
)

export const ReadinessResultSchema = component(
  'ReadinessResult',
  success(
    {
      log: Type.Optional(
        Type.Object(
          {
            replicas: Type.Integer({ minimum: 1, maximum: 5, description: 'How many servers keep it.' }),
            sync: oneOfSoFar(['always', 'interval', 'unknown'], {
              description:
                'When they put what they have acknowledged onto their disks: before (`always`), now and then (`interval`), or they did not say.',
            }),
          },
          { description: 'What the NATS servers promise for the log, where they keep it (`CHATROOM_NATS_URL`).' },
        ),
      ),
    },
    { description: 'It can take requests.', examples: [{ status: 'success', log: { replicas: 3, sync: 'always' } }] },
  ),
)

export const getAnnouncement = operation(
  {
    operationId: 'getAnnouncement',
    tag: 'System',
    summary: 'Get the announcement',
    description:
      'The text of the file that the operator keeps (`CHATROOM_ANNOUNCEMENT`), followed while the server runs.',
    security: 'public',
    writes: false,
    failures: [],
    answers: 'The announcement.',
  },
  {},
  AnnouncementResultSchema,
)

export const setAnnouncement = operation(
  {
    operationId: 'setAnnouncement',
    tag: 'System',
    summary: 'Set the announcement',
    description:
      'Writes the file that the operator keeps (`CHATROOM_ANNOUNCEMENT`), and tells everybody who listens (`announcement.updated`). Where the server may not write the file, it keeps the text itself, until the file says something else.',
    security: 'operator',
    writes: true,
    failures: [],
    answers: 'The announcement as it is now.',
  },
  { body: ref(AnnouncementRequestSchema) },
  AnnouncementResultSchema,
)

export const getHealth = operation(
  {
    operationId: 'getHealth',
    tag: 'System',
    summary: 'Ask whether the process is alive',
    description: 'For a supervisor: no success here means that the process should be restarted.',
    security: 'public',
    writes: false,
    reads: false,
    failures: [],
    answers: 'It is.',
  },
  {},
  HealthResultSchema,
)

export const getReadiness = operation(
  {
    operationId: 'getReadiness',
    tag: 'System',
    summary: 'Ask whether the server can take requests',
    description:
      'For a load balancer: no success here means that requests should go to another server. `not_caught_up` says how far a node is behind the others.',
    security: 'public',
    writes: false,
    failures: ['log_unavailable'],
    answers: 'It can.',
  },
  {},
  ReadinessResultSchema,
)

import type { FastifyReply } from 'fastify'

/** Answers with what is JSON already. A response schema has no part in it. */
export const sendJson = (reply: object, json: string | Buffer): FastifyReply =>
  (reply as FastifyReply).type('application/json; charset=utf-8').send(json)

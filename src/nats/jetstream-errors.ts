import { JetStreamApiError } from '@nats-io/jetstream'
import { errors } from '@nats-io/transport-node'

/** Codes of the server's JetStream API (errors.json of nats-server). */
const codes = {
  noPeers: 10005,
  unavailable: 10008,
  replicasNeedCluster: 10074,
  nameInUse: 10058,
  streamNotFound: 10059,
  wrongLastSequence: 10071,
  wrongLastSequenceUnknown: 10164,
}

const hasCode = (error: unknown, ...wanted: readonly number[]): boolean =>
  error instanceof JetStreamApiError && wanted.includes(error.code)

/** Nobody has answered, or nobody may decide at present: it may be another thing in a while. */
export const isPassing = (error: unknown): boolean =>
  error instanceof errors.TimeoutError ||
  error instanceof errors.RequestError ||
  // The library says so where nobody answers, too, as while there is no leader.
  (error instanceof Error && error.name === 'JetStreamNotEnabled') ||
  hasCode(error, codes.noPeers, codes.unavailable)

/** There are not as many servers as replicas are asked for. */
export const isTooFewServers = (error: unknown): boolean => hasCode(error, codes.noPeers, codes.replicasNeedCluster)

/** There is a stream of that name, with another configuration. */
export const isNameInUse = (error: unknown): boolean => hasCode(error, codes.nameInUse)

export const isStreamMissing = (error: unknown): boolean => hasCode(error, codes.streamNotFound)

/** It is worth to ask again: a server that has just come back does not know yet what was made before, either. */
export const isWorthAnotherTry = (error: unknown): boolean => isPassing(error) || isStreamMissing(error)

/** What was to be replaced is not the latest any more. */
export const isOvertaken = (error: unknown): boolean =>
  hasCode(error, codes.wrongLastSequence, codes.wrongLastSequenceUnknown)

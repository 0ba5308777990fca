// Written by `npm run openapi`, from the contract.

/** The HTTP status of each failure of the catalogue. */
export const statuses = {
  invalid_request: 400,
  malformed_json: 400,
  username_reserved: 400,
  bad_request: 400,
  token_required: 401,
  invalid_token: 401,
  bad_credentials: 401,
  operator_required: 401,
  not_your_name: 403,
  not_a_member: 403,
  origin_not_allowed: 403,
  not_found: 404,
  user_not_found: 404,
  room_not_found: 404,
  method_not_allowed: 405,
  request_timeout: 408,
  username_taken: 409,
  client_id_reused: 409,
  too_many_rooms: 409,
  too_many_participants: 409,
  room_full: 409,
  payload_too_large: 413,
  uri_too_long: 414,
  unsupported_media_type: 415,
  upgrade_required: 426,
  too_many_connections: 429,
  rate_limited: 429,
  storage_used_up: 429,
  headers_too_large: 431,
  internal_error: 500,
  server_full: 503,
  log_unavailable: 503,
  shutting_down: 503,
} as const

/** After these the same request may succeed later, without being changed. */
export const temporary: readonly string[] = [
  'request_timeout',
  'too_many_connections',
  'rate_limited',
  'storage_used_up',
  'internal_error',
  'log_unavailable',
  'shutting_down',
]

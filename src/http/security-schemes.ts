/** How a request says who it is from, for the documents. */

export const bearerAuth = {
  type: 'http',
  scheme: 'bearer',
  description: 'The `token` that `register` or `login` answered.',
} as const

/** In terms of AsyncAPI: the live channels alone take it. */
export const accessToken = {
  type: 'httpApiKey',
  in: 'query',
  name: 'access_token',
  description: 'The same token, from who cannot send headers, as a page in a browser. No log shows it.',
} as const

export const operatorAuth = {
  type: 'http',
  scheme: 'bearer',
  description: 'The token of the setting `CHATROOM_OPERATOR_TOKEN`.',
} as const

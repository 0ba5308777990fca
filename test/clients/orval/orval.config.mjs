// The generated functions ask for paths alone; ours knows the server.
export default {
  chatroom: {
    input: '../openapi.json',
    output: {
      target: './generated/api.ts',
      client: 'fetch',
      override: { mutator: { path: './fetch-from-server.ts', name: 'fetchFromServer' } },
    },
  },
}

/** What stands between a server and its clients, and what it must be told. */

export const proxies = ['nginx', 'HAProxy', 'Caddy'] as const
export type Proxy = (typeof proxies)[number]

interface Cure {
  /** Why, for a comment. */
  readonly why: string
  /** The lines by proxy; one that has none does it by itself. */
  readonly lines: Readonly<Partial<Record<Proxy, readonly string[]>>>
  /** What the server's own settings must say. */
  readonly setting?: string
}

/** The lines that mend what is found, and that together are the whole of a proxy's part of it. */
const remedies = {
  upgrade: {
    why: 'WebSocket: HTTP/1.1, and the two headers that ask for it (RFC 6455 section 4.1)',
    lines: {
      nginx: [
        'proxy_http_version 1.1;',
        'proxy_set_header Upgrade $http_upgrade;',
        'proxy_set_header Connection upgrade;',
      ],
    },
  },
  patience: {
    why: 'a poll is held for 45 s, and a live connection for days',
    lines: {
      nginx: ['proxy_read_timeout 120s;', 'proxy_send_timeout 120s;'],
      HAProxy: ['timeout client 120s', 'timeout server 120s', 'timeout tunnel 1h'],
    },
  },
  buffering: {
    why: 'each event is handed on at once, and nothing compresses it again',
    lines: {
      nginx: ['proxy_buffering off;', 'gzip off;'],
      Caddy: ['flush_interval -1'],
    },
  },
  host: {
    why: 'the server sees the name that its clients use',
    lines: { nginx: ['proxy_set_header Host $http_host;', 'proxy_set_header X-Forwarded-Proto $scheme;'] },
  },
  address: {
    why: 'the address of the client, set anew: what a stranger says of itself is thrown away',
    lines: {
      nginx: ['proxy_set_header X-Forwarded-For $remote_addr;'],
      HAProxy: ['http-request set-header X-Forwarded-For %[src]'],
    },
    setting: 'CHATROOM_TRUST_PROXY=127.0.0.1,::1   (the addresses of the proxy, as the server sees them; not "true")',
  },
} as const satisfies Record<string, Cure>

export type Remedy = keyof typeof remedies

const indents: Readonly<Record<Proxy, string>> = { nginx: '    ', HAProxy: '    ', Caddy: '        ' }

/** The lines for one proxy that mend these things, each with its reason. */
export function linesFor(proxy: Proxy, wanted: readonly Remedy[]): string[] {
  return wanted.flatMap((remedy) => {
    const { why, lines }: Cure = remedies[remedy]
    const those = lines[proxy] ?? []
    const indent = indents[proxy]
    return those.length === 0 ? [] : [`${indent}# ${why}`, ...those.map((line) => `${indent}${line}`)]
  })
}

/** What the server itself must be told. */
export const settingsFor = (wanted: readonly Remedy[]): string[] =>
  wanted.flatMap((remedy) => {
    const { setting }: Cure = remedies[remedy]
    return setting === undefined ? [] : [setting]
  })

const all = Object.keys(remedies) as Remedy[]

/** A whole configuration that works. @param port That of the server. @param listen That of the proxy. */
export const configurations: Readonly<Record<Proxy, (listen: number, port: number) => string>> = {
  nginx: (listen, port) => `server {
  listen ${listen};
  location / {
    proxy_pass http://127.0.0.1:${port};
${linesFor('nginx', all).join('\n')}
  }
}
`,
  HAProxy: (listen, port) => `listen chat
    bind :${listen}
    mode http
    timeout connect 5s
${linesFor('HAProxy', all).join('\n')}
    server chatroom 127.0.0.1:${port}
`,
  Caddy: (listen, port) => `:${listen} {
    reverse_proxy 127.0.0.1:${port} {
${linesFor('Caddy', all).join('\n')}
    }
}
`,
}

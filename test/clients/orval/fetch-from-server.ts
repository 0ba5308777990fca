export const server = { url: '' }

export async function fetchFromServer<T>(path: string, options: RequestInit): Promise<T> {
  const response = await fetch(`${server.url}${path}`, options)
  return { status: response.status, data: await response.json(), headers: response.headers } as T
}

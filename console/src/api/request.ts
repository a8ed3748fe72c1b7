import { session } from '../session/session'
import { ApiError, problemOf } from './problem'

/** A value of a path or a query. Undefined ones are omitted. */
export type Parameter = string | number | boolean | readonly string[] | null | undefined
export type Parameters = Readonly<Record<string, Parameter>>

export interface Sending {
  method?: 'GET' | 'POST' | 'PUT' | 'DELETE'
  body?: unknown
  /** The media type of the answer, where the route has several. */
  accept?: string
  signal?: AbortSignal
}

/** Fills a path's `{names}` from the parameters, and puts the others into the query. */
export function addressOf(template: string, parameters: Parameters = {}): string {
  const inPath = new Set<string>()
  const path = template.replace(/\{(\w+)\}/g, (_, name: string) => {
    inPath.add(name)
    return encodeURIComponent(String(parameters[name] ?? ''))
  })
  const query = new URLSearchParams()
  for (const [name, value] of Object.entries(parameters)) {
    if (inPath.has(name) || value === undefined || value === null || value === '') continue
    for (const one of Array.isArray(value) ? value : [value]) query.append(name, String(one))
  }
  const search = query.toString()
  return path + (search && `?${search}`)
}

/** Sends a request as the signed-in user. A refusal is thrown as an `ApiError`. */
export async function send(address: string, sending: Sending = {}): Promise<Response> {
  const headers = new Headers({ authorization: `Bearer ${session().token()}` })
  const method = sending.method ?? 'GET'
  if (sending.accept) headers.set('accept', sending.accept)
  if (sending.body !== undefined) headers.set('content-type', 'application/json')
  if (method === 'POST') headers.set('idempotency-key', crypto.randomUUID())
  const response = await fetch(address, {
    method,
    headers,
    body: sending.body === undefined ? null : JSON.stringify(sending.body),
    signal: sending.signal ?? null,
  })
  if (!response.ok) throw new ApiError(await problemOf(response))
  return response
}

import { useCallback, useState } from 'react'
import { problemFrom, type Problem } from './problem'
import { addressOf, send, type Parameters, type Sending } from './request'
import type { Deletes, Posts, Puts } from './schema'

/** What a route takes. Undefined where it takes nothing but its address. */
type BodyOf<Route> = Route extends { body: infer Body } ? Body : undefined

/** Creates something, or asks for an action. */
export function post<P extends keyof Posts>(
  path: P,
  parameters: Posts[P]['parameters'],
  body: BodyOf<Posts[P]>,
): Promise<Posts[P]['answer']> {
  return call<Posts[P]['answer']>(path, parameters, { method: 'POST', body })
}

/** Replaces something whole. */
export function put<P extends keyof Puts>(
  path: P,
  parameters: Puts[P]['parameters'],
  body: Puts[P]['body'],
): Promise<Puts[P]['answer']> {
  return call<Puts[P]['answer']>(path, parameters, { method: 'PUT', body })
}

export function remove<P extends keyof Deletes>(path: P, parameters: Deletes[P]['parameters']): Promise<void> {
  return call<void>(path, parameters, { method: 'DELETE' })
}

async function call<T>(path: string, parameters: Parameters, sending: Sending): Promise<T> {
  const response = await send(addressOf(path, parameters), sending)
  return (response.status === 204 ? undefined : await response.json()) as T
}

export interface Action {
  busy: boolean
  problem: Problem | undefined
  /** Runs it. True when it succeeded. */
  run: (work: () => Promise<unknown>) => Promise<boolean>
  clear: () => void
}

/** Runs one action at a time, and keeps why it failed. */
export function useAction(): Action {
  const [busy, setBusy] = useState(false)
  const [problem, setProblem] = useState<Problem>()
  const clear = useCallback(() => setProblem(undefined), [])
  const run = useCallback(async (work: () => Promise<unknown>) => {
    setBusy(true)
    setProblem(undefined)
    try {
      await work()
      return true
    } catch (thrown) {
      setProblem(problemFrom(thrown))
      return false
    } finally {
      setBusy(false)
    }
  }, [])
  return { busy, problem, run, clear }
}

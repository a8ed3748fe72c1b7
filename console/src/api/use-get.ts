import { useCallback, useEffect, useRef, useState } from 'react'
import { problemFrom, type Problem } from './problem'
import { addressOf, send } from './request'
import type { Gets } from './schema'

export type Answer<T> =
  | { state: 'loading' }
  | { state: 'refused'; problem: Problem }
  | { state: 'ready'; data: T }

export type Query<T> = Answer<T> & {
  reload: () => void
  /** Reads again unless it is being read: a slow answer is waited for, however often this is called. */
  poll: () => void
}

/** The latest answer of each address: shown at once while it is read again. */
const earlier = new Map<string, unknown>()

/** Reads a route of the API once. */
export async function get<P extends keyof Gets>(
  path: P,
  parameters: Gets[P]['parameters'],
): Promise<Gets[P]['answer']> {
  return (await send(addressOf(path, parameters))).json() as Promise<Gets[P]['answer']>
}

/** Reads a route of the API, again whenever its parameters change. */
export function useGet<P extends keyof Gets>(path: P, parameters: Gets[P]['parameters']): Query<Gets[P]['answer']> {
  return useReading<Gets[P]['answer']>(addressOf(path, parameters))
}

/** Reads an address of this origin. Only those of this machine are not the API's. */
export function useReading<Data>(address: string): Query<Data> {
  const [read, setRead] = useState<{ address: string; answer: Answer<Data> }>()
  const [turn, setTurn] = useState(0)
  const isUnderWay = useRef(false)
  useEffect(() => {
    const stop = new AbortController()
    isUnderWay.current = true
    send(address, { signal: stop.signal })
      .then((response) => response.json() as Promise<Data>)
      .then(
        (data) => {
          earlier.set(address, data)
          setRead({ address, answer: { state: 'ready', data } })
        },
        (thrown: unknown) => {
          if (!stop.signal.aborted) setRead({ address, answer: { state: 'refused', problem: problemFrom(thrown) } })
        },
      )
      .finally(() => {
        if (!stop.signal.aborted) isUnderWay.current = false
      })
    return () => stop.abort()
  }, [address, turn])
  const reload = useCallback(() => setTurn((before) => before + 1), [])
  const poll = useCallback(() => {
    if (!isUnderWay.current) reload()
  }, [reload])
  return { ...(read?.address === address ? read.answer : earlierAnswer<Data>(address)), reload, poll }
}

function earlierAnswer<T>(address: string): Answer<T> {
  return earlier.has(address) ? { state: 'ready', data: earlier.get(address) as T } : { state: 'loading' }
}

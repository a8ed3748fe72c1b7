import { useEffect, useState } from 'react'
import { problemFrom, type Problem } from '../../api/problem'
import type { EmptyCells, LabelCount } from '../../api/schema'
import { post } from '../../api/use-action'

export type Counted =
  | { state: 'counting' }
  | { state: 'counted'; labels: readonly LabelCount[]; empty: readonly EmptyCells[]; asOf: string }
  | { state: 'refused'; problem: Problem }

/** Waits until the definition has rested, then counts it with the latest run's customers. */
export function useCount(definition: Readonly<Record<string, unknown>>): Counted {
  const [counted, setCounted] = useState<Counted>({ state: 'counting' })
  const text = JSON.stringify(definition)
  useEffect(() => {
    let stopped = false
    setCounted({ state: 'counting' })
    const timer = setTimeout(() => {
      post('/v1/segment-sets/count', {}, { definition: JSON.parse(text) as Record<string, unknown> }).then(
        (count) => !stopped && setCounted({ state: 'counted', labels: count.labels, empty: count.empty, asOf: count.as_of }),
        (thrown: unknown) => !stopped && setCounted({ state: 'refused', problem: problemFrom(thrown) }),
      )
    }, 400)
    return () => {
      stopped = true
      clearTimeout(timer)
    }
  }, [text])
  return counted
}

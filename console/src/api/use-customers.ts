import { useCallback, useEffect, useState } from 'react'
import { problemFrom, type Problem } from './problem'
import type { CustomerProfile, Gets } from './schema'
import { get } from './use-get'

type Filters = Gets['/v1/customers']['parameters']

export interface CustomerPages {
  items: readonly CustomerProfile[]
  loading: boolean
  problem: Problem | undefined
  /** Reads the next page. Undefined after the last one. */
  more: (() => void) | undefined
}

const NOTHING_YET: { items: readonly CustomerProfile[]; next: string | null } = { items: [], next: null }

/** Reads customers a page at a time. A page with few matches is followed by the next one. */
export function useCustomers(filters: Filters, wanted = 25): CustomerPages {
  const [read, setRead] = useState(NOTHING_YET)
  const [loading, setLoading] = useState(true)
  const [problem, setProblem] = useState<Problem>()
  const key = JSON.stringify(filters)

  const readOn = useCallback(
    async (from: typeof NOTHING_YET, stopped: () => boolean) => {
      setLoading(true)
      try {
        const page = await readFull(JSON.parse(key) as Filters, from.next, wanted)
        if (!stopped()) setRead({ items: [...from.items, ...page.items], next: page.next })
      } catch (thrown) {
        if (!stopped()) setProblem(problemFrom(thrown))
      }
      if (!stopped()) setLoading(false)
    },
    [key, wanted],
  )

  useEffect(() => {
    let stopped = false
    setRead(NOTHING_YET)
    setProblem(undefined)
    void readOn(NOTHING_YET, () => stopped)
    return () => {
      stopped = true
    }
  }, [readOn])

  const more = read.next ? () => void readOn(read, () => false) : undefined
  return { items: read.items, loading, problem, more }
}

/** A page may hold few matches although others follow: read on, at most ten times. */
async function readFull(filters: Filters, cursor: string | null, wanted: number) {
  const items: CustomerProfile[] = []
  let next = cursor
  for (let turn = 0; turn < 10; turn += 1) {
    const page = await get('/v1/customers', { ...filters, limit: wanted, ...(next ? { cursor: next } : {}) })
    items.push(...page.items)
    next = page.next
    if (!next || items.length >= wanted) break
  }
  return { items, next }
}

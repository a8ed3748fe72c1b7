import { useEffect, useRef, useState } from 'react'
import { problemFrom, type Problem } from '../../../api/problem'
import type { AudienceCount } from '../../../api/schema'
import { post } from '../../../api/use-action'
import type { Definition } from '../definition'

export type Counted =
  | { state: 'counting' }
  | { state: 'counted'; count: AudienceCount }
  | { state: 'refused'; problem: Problem }

const REST_MS = 700

/** Waits until the definition has rested, then counts who it would reach. */
export function useAudienceCount(definition: Definition): Counted {
  const [counted, setCounted] = useState<Counted>({ state: 'counting' })
  const last = useRef(Promise.resolve()) // one count at a time: each reads all customers
  const text = JSON.stringify(countable(definition))
  useEffect(() => {
    let stopped = false
    setCounted({ state: 'counting' })
    const count = async () => {
      if (stopped) return
      const made = await post('/v1/audiences/count', {}, { definition: JSON.parse(text) as Record<string, unknown> }).then(
        (answer): Counted => ({ state: 'counted', count: answer }),
        (thrown: unknown): Counted => ({ state: 'refused', problem: problemFrom(thrown) }),
      )
      if (!stopped) setCounted(made)
    }
    const timer = setTimeout(() => {
      last.current = last.current.then(count)
    }, REST_MS)
    return () => {
      stopped = true
      clearTimeout(timer)
    }
  }, [text])
  return counted
}

/** The definition as it can be counted before it has a name. Templates change no count. */
function countable(definition: Definition): Definition {
  const variants = definition.variants.map((one) => ({ ...one, template: null }))
  return { ...definition, id: definition.id || 'unnamed', name: 'Unnamed', variants }
}

import { useEffect, useState } from 'react'
import type { Counted } from './use-audience-count'

/** Who would get the campaign, held-out people included, as last counted. The holdout moves nobody in or out. */
export function usePeople(counted: Counted): number | undefined {
  const [people, setPeople] = useState<number>()
  useEffect(() => {
    if (counted.state === 'refused') setPeople(undefined)
    if (counted.state === 'counted') setPeople(counted.count.audience ? counted.count.audience.eligible + counted.count.audience.held_out : undefined)
  }, [counted])
  return people
}

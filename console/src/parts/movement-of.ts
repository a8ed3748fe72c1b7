import type { Insights, Movement, SegmentFlow } from '../api/schema'

interface SetMovement {
  /** None where the previous run did not have the set. */
  movement: Movement | null
  flows: readonly SegmentFlow[]
}

/** Who moved in a segment set since the previous run. */
export function movementOf(insights: Insights, set: string): SetMovement {
  if (set === 'rfm') return { movement: insights.movement, flows: insights.flows }
  return { movement: insights.set_movements?.[set] ?? null, flows: insights.set_flows?.[set] ?? [] }
}

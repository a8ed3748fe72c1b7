import type { Insights } from '../../api/schema'
import { useGet } from '../../api/use-get'

/** The labels that a campaign can name, as the latest run has them. */
export interface Labels {
  segments: readonly string[]
  churnBands: readonly string[]
  valueTiers: readonly string[]
  /** The day of the run. Undefined before the first. */
  asOf: string | undefined
}

const NONE: Labels = { segments: [], churnBands: [], valueTiers: [], asOf: undefined }

export function useLabels(): Labels {
  const insights = useGet('/v1/insights', {})
  return insights.state === 'ready' ? labelsOf(insights.data) : NONE
}

function labelsOf({ sets, as_of: asOf }: Insights): Labels {
  const of = (set: string) => sets[set]?.groups.map((group) => group.group) ?? []
  return { segments: of('rfm'), churnBands: of('churn_band'), valueTiers: of('value_tier'), asOf }
}

import Grid from '@cloudscape-design/components/grid'
import type { Insights } from '../../api/schema'
import { InsightsPage } from '../../parts/insights-page'
import { movementOf } from '../../parts/movement-of'
import { setTitle } from '../../parts/set-names'
import { Empty } from '../../states/empty'
import { Members } from './members'
import { SegmentFacts } from './segment-facts'
import { SegmentFlows } from './segment-flows'
import { SegmentTrend } from './segment-trend'
import { SentTo } from './sending/sent-to'

const HALVES = [{ colspan: { default: 12, s: 6 } }, { colspan: { default: 12, s: 6 } }]

/** One segment: its numbers, what to do, how it changes, its members, and where it was sent. */
export function SegmentPage({ set, label }: { set: string; label: string }) {
  return (
    <InsightsPage title={label} intro={`${setTitle(set)}.`}>
      {(insights, run) => <Segment insights={insights} set={set} label={label} run={run} />}
    </InsightsPage>
  )
}

interface Props {
  insights: Insights
  set: string
  label: string
  run: string | undefined
}

function Segment({ insights, set, label, run }: Props) {
  const groups = insights.sets[set]?.groups ?? []
  const index = groups.findIndex((group) => group.group === label)
  const group = groups[index]
  if (!group) return <Empty title="This run has no such segment">Choose another run, or another segment.</Empty>
  const flow = movementOf(insights, set).flows.find((one) => one.label === label)
  return (
    <>
      <SegmentFacts group={group} currency={insights.currency} />
      <Grid gridDefinition={HALVES}>
        <SegmentTrend set={set} label={label} index={index} points={insights.trend} />
        <SegmentFlows flow={flow} previous={insights.previous} />
      </Grid>
      <SentTo set={set} group={group} insights={insights} />
      <Members set={set} label={label} run={run} currency={insights.currency} />
    </>
  )
}

import Grid from '@cloudscape-design/components/grid'
import { InsightsPage } from '../../parts/insights-page'
import { setNames } from '../../parts/set-names'
import { Alerts } from './alerts'
import { Headline } from './headline'
import { SegmentBars } from './segment-bars'
import { Trend } from './trend'

const HALVES = [{ colspan: { default: 12, s: 6 } }, { colspan: { default: 12, s: 6 } }]

export default function OverviewPage() {
  return (
    <InsightsPage title="Overview" intro="Who your customers are, and what changed.">
      {(insights, run) => {
        const [set = ''] = setNames(insights.sets)
        const definition = insights.sets[set]
        return (
          <>
            <Headline overview={insights.overview} currency={insights.currency} />
            {definition && (
              <SegmentBars set={set} groups={definition.groups} currency={insights.currency} run={run} />
            )}
            <Grid gridDefinition={HALVES}>
              <Alerts alerts={insights.alerts} />
              <Trend points={insights.trend} currency={insights.currency} />
            </Grid>
          </>
        )
      }}
    </InsightsPage>
  )
}

import { InsightsPage } from '../../parts/insights-page'
import { Empty } from '../../states/empty'
import { Breakdown } from './breakdown'
import { CauseTable } from './cause-table'
import { FlowChart } from './flow-chart'
import { Reckoning } from './reckoning'

export default function MovementPage() {
  return (
    <InsightsPage title="Movement" intro="Who moved between segments since the previous run, and why.">
      {({ movement, previous, as_of, flows }) =>
        movement && previous ? (
          <>
            <Reckoning movement={movement} before={previous.as_of} after={as_of} />
            <FlowChart movement={movement} before={previous.as_of} after={as_of} />
            <CauseTable causes={movement.causes} />
            <Breakdown flows={flows} />
          </>
        ) : (
          <Empty title="No run to compare with">Movement begins with the second run.</Empty>
        )
      }
    </InsightsPage>
  )
}

import { useState } from 'react'
import type { Insights } from '../../api/schema'
import { Breakdown } from '../../parts/breakdown'
import { InsightsPage } from '../../parts/insights-page'
import { movementOf } from '../../parts/movement-of'
import { SetSelect } from '../../parts/set-select'
import { Empty } from '../../states/empty'
import { CauseTable } from './cause-table'
import { FlowChart } from './flow-chart'
import { Reckoning } from './reckoning'

export default function MovementPage() {
  return (
    <InsightsPage title="Movement" intro="Who moved between segments since the previous run, and why.">
      {(insights) => <OneSet insights={insights} />}
    </InsightsPage>
  )
}

function OneSet({ insights }: { insights: Insights }) {
  const [set, setSet] = useState('rfm')
  const { previous, as_of: asOf } = insights
  if (!previous) return <Empty title="No run to compare with">Movement begins with the second run.</Empty>
  const { movement, flows } = movementOf(insights, set)
  return (
    <>
      <SetSelect sets={insights.sets} set={set} onChange={setSet} />
      {movement ? (
        <>
          <Reckoning movement={movement} before={previous.as_of} after={asOf} />
          <FlowChart movement={movement} before={previous.as_of} after={asOf} />
          <CauseTable causes={movement.causes} />
          <Breakdown set={set} flows={flows} />
        </>
      ) : (
        <Empty title="The set is new in this run">Its movement begins with the next run.</Empty>
      )}
    </>
  )
}

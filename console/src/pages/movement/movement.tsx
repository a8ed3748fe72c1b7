import FormField from '@cloudscape-design/components/form-field'
import Select from '@cloudscape-design/components/select'
import { useState } from 'react'
import type { Insights } from '../../api/schema'
import { InsightsPage } from '../../parts/insights-page'
import { movementOf } from '../../parts/movement-of'
import { setNames, setTitle } from '../../parts/set-names'
import { Empty } from '../../states/empty'
import { Breakdown } from './breakdown'
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
  const options = setNames(insights.sets).map((value) => ({ value, label: setTitle(value) }))
  const { movement, flows } = movementOf(insights, set)
  return (
    <>
      <FormField label="Segment set">
        <Select
          options={options}
          selectedOption={options.find(({ value }) => value === set) ?? null}
          onChange={({ detail }) => setSet(detail.selectedOption.value ?? 'rfm')}
        />
      </FormField>
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

import Container from '@cloudscape-design/components/container'
import Header from '@cloudscape-design/components/header'
import type { RunCost, StepCost } from '../../api/schema'
import { ABSENT, money } from '../../format/figures'
import { day, duration } from '../../format/moments'
import { PlainTable } from '../../parts/plain-table'

/** What the run cost at list prices, by step. */
export function Cost({ cost }: { cost: RunCost }) {
  return (
    <Container
      header={
        <Header variant="h2" description={`${money(cost.usd, 'USD', 4)} in all, at the list prices of ${cost.region} of ${day(cost.priced_on)}.`}>
          Cost
        </Header>
      }
    >
      <PlainTable<StepCost>
        label="Steps"
        items={cost.steps}
        trackBy="step"
        columns={[
          { id: 'step', header: 'Step', isRowHeader: true, cell: (step) => step.step },
          { id: 'on', header: 'Runs on', cell: (step) => step.runs_on },
          { id: 'price', header: 'An hour', cell: (step) => money(step.usd_per_hour, 'USD', 3) },
          { id: 'seconds', header: 'Billed', cell: (step) => (step.seconds === null ? ABSENT : duration(step.seconds)) },
          { id: 'usd', header: 'Cost', cell: (step) => money(step.usd, 'USD', 4) },
        ]}
      />
    </Container>
  )
}

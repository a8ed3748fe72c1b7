import Container from '@cloudscape-design/components/container'
import Header from '@cloudscape-design/components/header'
import SegmentedControl from '@cloudscape-design/components/segmented-control'
import { useState } from 'react'
import { InsightsPage } from '../../parts/insights-page'
import { Empty } from '../../states/empty'
import { CohortTable, type Measure } from './cohort-table'
import { triangleOf } from './triangle'

const MEASURES: { id: Measure; text: string }[] = [
  { id: 'share', text: 'Who came back' },
  { id: 'spend', text: 'Money' },
]

export default function CohortsPage() {
  const [measure, setMeasure] = useState<Measure>('share')
  return (
    <InsightsPage title="Cohorts" intro="Do new customers come back? Each row is everybody who bought first in that month.">
      {({ cohorts, currency }) => {
        const triangle = triangleOf(cohorts)
        if (triangle.rows.length < 2)
          return <Empty title="Too few months to compare">Cohorts begin with the second month of orders.</Empty>
        return (
          <Container
            header={
              <Header
                variant="h2"
                description="Read down a column: do newer customers come back more than older ones?"
                actions={
                  <SegmentedControl
                    label="Show"
                    selectedId={measure}
                    options={MEASURES}
                    onChange={({ detail }) => setMeasure(detail.selectedId as Measure)}
                  />
                }
              >
                {measure === 'share' ? 'Share who bought again' : 'Money per customer of the cohort'}
              </Header>
            }
          >
            <CohortTable triangle={triangle} measure={measure} currency={currency} />
          </Container>
        )
      }}
    </InsightsPage>
  )
}

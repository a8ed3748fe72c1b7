import Box from '@cloudscape-design/components/box'
import Container from '@cloudscape-design/components/container'
import Header from '@cloudscape-design/components/header'
import SegmentedControl from '@cloudscape-design/components/segmented-control'
import SpaceBetween from '@cloudscape-design/components/space-between'
import { useState } from 'react'
import type { ScoreGrid } from '../../api/schema'
import { InsightsPage } from '../../parts/insights-page'
import { GridTable, type Measure } from './grid-table'
import { Thresholds } from './thresholds'

const MEASURES: { id: Measure; text: string }[] = [
  { id: 'customers', text: 'Customers' },
  { id: 'monetary', text: 'Money' },
]

export default function GridPage() {
  return (
    <InsightsPage title="Recency and frequency" intro="Where your customers are between just ordered and long gone.">
      {({ grid, currency }) => <GridOf grid={grid} currency={currency} />}
    </InsightsPage>
  )
}

function GridOf({ grid, currency }: { grid: ScoreGrid; currency: string }) {
  const [measure, setMeasure] = useState<Measure>('customers')
  return (
    <>
      <Container
        header={
          <Header
            variant="h2"
            description="Read up for more recent, right for more often. The stronger the colour, the more."
            actions={
              <SegmentedControl
                label="Colour by"
                selectedId={measure}
                options={MEASURES}
                onChange={({ detail }) => setMeasure(detail.selectedId as Measure)}
              />
            }
          >
            {measure === 'customers' ? 'Customers by score' : 'Money by score'}
          </Header>
        }
      >
        <SpaceBetween size="s">
          <GridTable grid={grid} measure={measure} currency={currency} />
          <Box variant="small" color="text-body-secondary">
            Segment definition {grid.preset}: {grid.meaning}
          </Box>
        </SpaceBetween>
      </Container>
      <Thresholds grid={grid} currency={currency} />
    </>
  )
}

import Container from '@cloudscape-design/components/container'
import Header from '@cloudscape-design/components/header'
import type { ScoreGrid } from '../../api/schema'
import { count } from '../../format/figures'
import { PlainTable } from '../../parts/plain-table'
import { boundsOf } from './bounds'

interface Row {
  score: number
  recency: string
  frequency: string
  monetary: string
}

const MEASURES = ['recency', 'frequency', 'monetary'] as const

/** The values behind each score, and how many customers have it. */
export function Thresholds({ grid, currency }: { grid: ScoreGrid; currency: string }) {
  const rows = Array.from({ length: grid.scale }, (_, index) => rowOf(grid, grid.scale - index, currency))
  return (
    <Container header={<Header variant="h2" description="The limits are recomputed in each run, unless the settings freeze them.">Thresholds</Header>}>
      <PlainTable<Row>
        label="Thresholds"
        items={rows}
        trackBy={(row) => String(row.score)}
        columns={[
          { id: 'score', header: 'Score', isRowHeader: true, minWidth: 70, cell: (row) => row.score },
          { id: 'recency', header: 'Since last order', minWidth: 190, cell: (row) => row.recency },
          { id: 'frequency', header: 'Orders', minWidth: 190, cell: (row) => row.frequency },
          { id: 'monetary', header: 'Money', minWidth: 190, cell: (row) => row.monetary },
        ]}
      />
    </Container>
  )
}

function rowOf(grid: ScoreGrid, score: number, currency: string): Row {
  const [recency, frequency, monetary] = MEASURES.map((measure) => {
    const bounds = boundsOf(measure, grid.thresholds[measure] ?? [], score, currency)
    return `${bounds} (${count(grid.bins[measure]?.[score - 1])} customers)`
  })
  return { score, recency: recency ?? '', frequency: frequency ?? '', monetary: monetary ?? '' }
}

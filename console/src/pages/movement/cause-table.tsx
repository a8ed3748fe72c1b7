import Container from '@cloudscape-design/components/container'
import Header from '@cloudscape-design/components/header'
import type { CauseMoves } from '../../api/schema'
import { count } from '../../format/figures'
import { causeColumn } from '../../parts/cause-column'
import { PlainTable } from '../../parts/plain-table'
import { Empty } from '../../states/empty'

/** Why customers moved. */
export function CauseTable({ causes }: { causes: readonly CauseMoves[] }) {
  return (
    <Container header={<Header variant="h2">Why they moved</Header>}>
      <PlainTable<CauseMoves>
        label="Causes"
        items={causes.filter((cause) => cause.customers > 0)}
        trackBy="cause"
        empty={<Empty title="Nobody moved" />}
        columns={[
          { ...causeColumn, minWidth: 240 },
          { id: 'moved', header: 'Moved', cell: (row) => count(row.moved) },
          { id: 'entered', header: 'Entered', cell: (row) => count(row.entered) },
          { id: 'left', header: 'Left', cell: (row) => count(row.left) },
          { id: 'all', header: 'All', cell: (row) => count(row.customers) },
        ]}
      />
    </Container>
  )
}

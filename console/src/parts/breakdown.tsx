import Container from '@cloudscape-design/components/container'
import Header from '@cloudscape-design/components/header'
import type { SegmentFlow } from '../api/schema'
import { change, count } from '../format/figures'
import { PlainTable } from './plain-table'
import { SegmentName } from './segment-name'
import { Empty } from '../states/empty'

/** Each segment before and after, and who came and went. */
export function Breakdown({ set, flows }: { set: string; flows: readonly SegmentFlow[] }) {
  return (
    <Container header={<Header variant="h2" description="Before, less those who went, plus those who came, is after.">By segment</Header>}>
      <PlainTable<SegmentFlow>
        label="Segments before and after"
        items={flows}
        trackBy="label"
        empty={<Empty title="No segments" />}
        columns={[
          {
            id: 'label',
            header: 'Segment',
            isRowHeader: true,
            cell: (row) => <SegmentName set={set} label={row.label} index={flows.indexOf(row)} />,
          },
          { id: 'before', header: 'Before', cell: (row) => count(row.before) },
          { id: 'out', header: 'Went', cell: (row) => change(-(row.moved_out + row.left)) },
          { id: 'in', header: 'Came', cell: (row) => change(row.moved_in + row.entered) },
          { id: 'after', header: 'After', cell: (row) => count(row.after) },
          { id: 'change', header: 'Change', cell: (row) => change(row.after - row.before) },
        ]}
      />
    </Container>
  )
}

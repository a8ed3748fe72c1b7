import Box from '@cloudscape-design/components/box'
import Button from '@cloudscape-design/components/button'
import Container from '@cloudscape-design/components/container'
import Header from '@cloudscape-design/components/header'
import StatusIndicator from '@cloudscape-design/components/status-indicator'
import type { LoadReport, PlacedSegment, SegmentReach } from '../../api/schema'
import { hrefOf } from '../../app/route'
import { count, percent } from '../../format/figures'
import { PlainTable } from '../../parts/plain-table'
import { sentence } from '../../parts/set-names'
import { Empty } from '../../states/empty'

interface Row {
  destination: LoadReport
  placed: PlacedSegment
}

interface Props {
  /** The segment's name at destinations, and its label. */
  segment: string
  label: string
  destinations: readonly LoadReport[]
  reach: SegmentReach | undefined
}

/** Where the run sent the segment, and under which name it is there. */
export function SentTo({ segment, label, destinations, reach }: Props) {
  const rows = destinations.flatMap((destination) =>
    destination.segments
      .filter((placed) => placed.name === segment || placed.label === label)
      .slice(0, 1)
      .map((placed) => ({ destination, placed })),
  )
  return (
    <Container
      header={
        <Header variant="h2" description={reach && reachSentence(reach)} actions={<Button href={hrefOf(['settings'])}>Send to…</Button>}>
          Sent to
        </Header>
      }
    >
      <PlainTable<Row>
        label="Destinations"
        items={rows}
        trackBy={(row) => row.destination.destination}
        empty={<Empty title="Sent nowhere">Add a destination in the settings. The next run sends the segment there.</Empty>}
        columns={[
          { id: 'destination', header: 'Destination', isRowHeader: true, cell: (row) => sentence(row.destination.destination) },
          { id: 'name', header: 'Name there', cell: (row) => <Box variant="code">{row.placed.name}</Box> },
          { id: 'size', header: 'Customers there', cell: (row) => count(row.placed.size) },
          { id: 'state', header: 'State', cell: (row) => <LoadState load={row.destination} placed={row.placed} /> },
        ]}
      />
    </Container>
  )
}

function LoadState({ load, placed }: { load: LoadReport; placed: PlacedSegment }) {
  if (load.failed) return <StatusIndicator type="error">{load.failed.message}</StatusIndicator>
  if (load.held) return <StatusIndicator type="pending">{load.held}</StatusIndicator>
  if (placed.rule) return <StatusIndicator type="warning">Create it by the rule {placed.rule}</StatusIndicator>
  return <StatusIndicator type="success">{sentence(placed.action)}</StatusIndicator>
}

function reachSentence(reach: SegmentReach): string {
  const share = reach.customers ? percent(reach.email / reach.customers, 0) : ''
  return `${count(reach.email)} of ${count(reach.customers)} customers have a usable e-mail address${share && ` (${share})`}.`
}

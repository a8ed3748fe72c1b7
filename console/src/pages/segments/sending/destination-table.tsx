import Box from '@cloudscape-design/components/box'
import StatusIndicator from '@cloudscape-design/components/status-indicator'
import { ABSENT, count } from '../../../format/figures'
import { moment } from '../../../format/moments'
import { PlainTable } from '../../../parts/plain-table'
import { sentence } from '../../../parts/set-names'
import { Empty } from '../../../states/empty'
import { Loading } from '../../../states/loading'
import type { Row } from './rows'

interface Props {
  rows: readonly Row[]
  /** When the run ended that is shown. */
  sentAt: string
  isLoading: boolean
}

/** What each destination has of the segment, and what it gets next. */
export function DestinationTable({ rows, sentAt, isLoading }: Props) {
  if (isLoading && rows.length === 0) return <Loading what="the destinations" />
  return (
    <PlainTable<Row>
      label="Destinations"
      items={rows}
      trackBy={(row) => row.name}
      empty={<Empty title="Sent nowhere">The shop has no destination yet. An admin adds one in the settings.</Empty>}
      columns={[
        { id: 'destination', header: 'Destination', isRowHeader: true, cell: (row) => row.title },
        { id: 'next', header: 'Next run', minWidth: 120, cell: (row) => <Next row={row} /> },
        { id: 'name', header: 'Name there', cell: ({ placed }) => (placed ? <Box variant="code">{placed.name}</Box> : ABSENT) },
        { id: 'size', header: 'Customers there', cell: ({ placed }) => count(placed?.size) },
        { id: 'sent', header: 'Last sent', minWidth: 120, cell: (row) => (wasSent(row) ? moment(sentAt) : ABSENT) },
        { id: 'state', header: 'State', minWidth: 160, cell: (row) => <State row={row} /> },
      ]}
    />
  )
}

const wasSent = ({ load, placed }: Row): boolean => Boolean(placed && load && !load.failed && !load.held)

function Next({ row }: { row: Row }) {
  if (row.gets === undefined) return <StatusIndicator type="stopped">No longer in use</StatusIndicator>
  if (row.gets) return <StatusIndicator type="success">Gets it</StatusIndicator>
  return <StatusIndicator type="stopped">{row.reason ?? 'Does not get it'}</StatusIndicator>
}

function State({ row: { load, placed } }: { row: Row }) {
  if (!load) return <StatusIndicator type="stopped">Not sent in this run</StatusIndicator>
  if (load.failed) return <StatusIndicator type="error">{load.failed.message}</StatusIndicator>
  if (load.held) return <StatusIndicator type="pending">{load.held}</StatusIndicator>
  if (!placed) return <StatusIndicator type="stopped">Not sent in this run</StatusIndicator>
  if (placed.rule) return <StatusIndicator type="warning">Create it by the rule {placed.rule}</StatusIndicator>
  return <StatusIndicator type="success">{sentence(placed.action)}</StatusIndicator>
}

import Container from '@cloudscape-design/components/container'
import Header from '@cloudscape-design/components/header'
import StatusIndicator from '@cloudscape-design/components/status-indicator'
import type { SourceHealth } from '../../api/schema'
import { count, percent } from '../../format/figures'
import { moment } from '../../format/moments'
import { asSentence } from '../../format/words'
import { PlainTable, type Column } from '../../parts/plain-table'
import { findings, refusedShare, usualRows } from './health'

interface Props {
  sources: readonly SourceHealth[]
  now: number
}

/** The sources in numbers, with what is unusual about each. */
export function SourceTable({ sources, now }: Props) {
  return (
    <Container header={<Header variant="h2">Sources</Header>}>
      <PlainTable<SourceHealth>
        label="Sources"
        items={sources}
        trackBy="source"
        columns={[NAME, { id: 'state', header: 'State', minWidth: 240, cell: (source) => <State source={source} now={now} /> }, ...FIGURES]}
      />
    </Container>
  )
}

function State({ source, now }: { source: SourceHealth; now: number }) {
  const found = findings(source, now)
  if (found.length > 0) return <StatusIndicator type="warning">{asSentence(found.join(', '))}</StatusIndicator>
  if (source.volume === 'too_few')
    return <StatusIndicator type="info">Too few uploads to judge: {count(source.compared + 1)}</StatusIndicator>
  return <StatusIndicator type="success">As usual</StatusIndicator>
}

const NAME: Column<SourceHealth> = {
  id: 'source',
  header: 'Source',
  isRowHeader: true,
  cell: (source) => source.source,
}

const FIGURES: readonly Column<SourceHealth>[] = [
  { id: 'arrived', header: 'Last upload', minWidth: 160, cell: (source) => moment(source.arrived_at) },
  { id: 'event', header: 'Its last event', minWidth: 160, cell: (source) => (source.last_event_at ? moment(source.last_event_at) : '–') },
  {
    id: 'rows',
    header: 'Rows, and usual',
    cell: (source) => (
      <>
        {count(source.rows)} <span className="muted">{usualRows(source)}</span>
      </>
    ),
  },
  {
    id: 'refused',
    header: 'Refused, and usual',
    cell: (source) => (
      <>
        {refusedShare(source)}{' '}
        <span className="muted">{source.usual_share ? `up to ${percent(source.usual_share.most)}` : ''}</span>
      </>
    ),
  },
]

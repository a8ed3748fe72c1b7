import Header from '@cloudscape-design/components/header'
import StatusIndicator from '@cloudscape-design/components/status-indicator'
import Table from '@cloudscape-design/components/table'
import type { LoadReport } from '../../api/schema'
import { useGet } from '../../api/use-get'
import { count } from '../../format/figures'
import { destinationTitle } from '../../parts/destinations'
import { Empty } from '../../states/empty'
import { Loaded } from '../../states/loaded'

/** What the run sent, and to which destination. */
export function SentWhere({ run }: { run: string }) {
  const query = useGet('/v1/destinations', { run })
  return (
    <Loaded query={query} what="the destinations">
      {({ items }) => (
        <Table<LoadReport>
          header={<Header variant="h2">What was sent where</Header>}
          items={items}
          trackBy="destination"
          empty={<Empty title="Nothing was sent">The settings name no destination.</Empty>}
          columnDefinitions={[
            { id: 'destination', header: 'Destination', isRowHeader: true, cell: (load) => destinationTitle(load.destination) },
            { id: 'state', header: 'State', cell: (load) => <LoadState load={load} /> },
            { id: 'sent', header: 'Sent', cell: (load) => count(load.sent) },
            { id: 'refused', header: 'Refused', cell: (load) => count(load.refused) },
            { id: 'requests', header: 'Requests', cell: (load) => count(load.requests) },
            { id: 'segments', header: 'Segments', cell: (load) => count(load.segments.length) },
            { id: 'message', header: 'In words', cell: (load) => load.message },
          ]}
        />
      )}
    </Loaded>
  )
}

function LoadState({ load }: { load: LoadReport }) {
  if (load.failed) return <StatusIndicator type="error">{load.failed.message}</StatusIndicator>
  if (load.held) return <StatusIndicator type="pending">{load.held}</StatusIndicator>
  return <StatusIndicator type="success">Up to date</StatusIndicator>
}

import Container from '@cloudscape-design/components/container'
import Header from '@cloudscape-design/components/header'
import StatusIndicator from '@cloudscape-design/components/status-indicator'
import type { RejectedLine, Rows } from '../../api/schema'
import { useGet } from '../../api/use-get'
import { ABSENT, count } from '../../format/figures'
import { PlainTable } from '../../parts/plain-table'
import { sentence } from '../../parts/set-names'
import { Loaded } from '../../states/loaded'

interface Props {
  runId: string
  /** Null before the data was read. */
  rows: Rows | null
}

/** The rows of the upload that were refused, with line and reason. */
export function Rejects({ runId, rows }: Props) {
  if (!rows) return null
  const rejected = Object.values(rows.rejected ?? {}).reduce((sum, of) => sum + of, 0)
  return (
    <Container header={<Header variant="h2" counter={`(${count(rejected)})`}>Rejected rows</Header>}>
      {rejected === 0 ? <StatusIndicator type="success">Every row was accepted or is of a kind that is ignored.</StatusIndicator> : <RejectTable runId={runId} />}
    </Container>
  )
}

function RejectTable({ runId }: { runId: string }) {
  const query = useGet('/v1/runs/{run_id}/rejects', { run_id: runId })
  return (
    <Loaded query={query} what="the rejected rows">
      {({ items }) => (
        <PlainTable<RejectedLine>
          label="Rejected rows"
          items={items ?? []}
          trackBy={(row) => `${row.file}:${row.line}:${row.column}`}
          columns={[
            { id: 'line', header: 'Line', isRowHeader: true, cell: (row) => count(row.line) },
            { id: 'file', header: 'File', cell: (row) => row.file || ABSENT },
            { id: 'column', header: 'Column', cell: (row) => row.column || ABSENT },
            { id: 'reason', header: 'Reason', cell: (row) => sentence(row.code) },
          ]}
        />
      )}
    </Loaded>
  )
}

import Button from '@cloudscape-design/components/button'
import Header from '@cloudscape-design/components/header'
import StatusIndicator from '@cloudscape-design/components/status-indicator'
import Table from '@cloudscape-design/components/table'
import { saveJson } from '../../api/download'
import type { RemovalFacts } from '../../api/schema'
import { useAction } from '../../api/use-action'
import { get } from '../../api/use-get'
import { ABSENT } from '../../format/figures'
import { moment } from '../../format/moments'
import { Empty } from '../../states/empty'
import { ProblemAlert } from '../../states/problem-alert'

/** The removals with their receipts. */
export function RemovalTable({ removals }: { removals: readonly RemovalFacts[] }) {
  const action = useAction()
  return (
    <>
      {action.problem && <ProblemAlert problem={action.problem} />}
      <Table<RemovalFacts>
        header={
          <Header
            variant="h2"
            counter={`(${removals.length})`}
            description="A receipt says what there was and what is left. It is signed, and names no customer."
          >
            Removed tenants
          </Header>
        }
        items={removals}
        trackBy="case"
        wrapLines
        empty={<Empty title="No tenant was removed">Receipts of removals appear here.</Empty>}
        columnDefinitions={[
          { id: 'tenant', header: 'Tenant', isRowHeader: true, minWidth: 120, cell: (one) => one.tenant },
          { id: 'state', header: 'State', minWidth: 150, cell: (one) => <RemovalState removal={one} /> },
          { id: 'asked', header: 'Asked for', minWidth: 160, cell: (one) => `${moment(one.asked_at)} by ${one.asked_by}` },
          { id: 'reason', header: 'Reason', minWidth: 140, cell: (one) => one.reason || ABSENT },
          {
            id: 'receipt',
            header: 'Receipt',
            minWidth: 120,
            cell: (one) => (
              <Button
                variant="inline-link"
                iconName="download"
                ariaLabel={`Download the receipt of ${one.tenant}`}
                onClick={() => void action.run(() => download(one.case))}
              >
                Download
              </Button>
            ),
          },
        ]}
      />
    </>
  )
}

function RemovalState({ removal }: { removal: RemovalFacts }) {
  if (removal.finished_at) return <StatusIndicator type="success">All gone, {moment(removal.finished_at)}</StatusIndicator>
  if (removal.open_until) return <StatusIndicator type="pending">All gone. Searched again after {moment(removal.open_until)}</StatusIndicator>
  return <StatusIndicator type="in-progress">Not all gone yet</StatusIndicator>
}

/** Saves the receipt as it was signed: layout is no part of the signature. */
async function download(id: string): Promise<void> {
  const receipt = await get('/v1/removals/{removal_case}', { removal_case: id })
  saveJson(receipt, `removal-${id}`)
}

import Header from '@cloudscape-design/components/header'
import Link from '@cloudscape-design/components/link'
import Table from '@cloudscape-design/components/table'
import type { CampaignRunFacts } from '../../api/schema'
import { useGet } from '../../api/use-get'
import { usePolling } from '../../api/use-polling'
import { hrefOf } from '../../app/route'
import { ABSENT, count } from '../../format/figures'
import { day, moment } from '../../format/moments'
import { Empty } from '../../states/empty'
import { Loaded } from '../../states/loaded'
import { isMoving, RunStatus } from './states'

/** The runs of a campaign, the newest first. */
export function RunTable({ campaign }: { campaign: string }) {
  const query = useGet('/v1/campaigns/{campaign_id}/runs', { campaign_id: campaign })
  usePolling(query.state === 'ready' && query.data.items.some((run) => isMoving(run.state)), query.poll)
  return (
    <Loaded query={query} what="the runs">
      {({ items }) => (
        <Table<CampaignRunFacts>
          header={<Header variant="h2" counter={`(${items.length})`}>Runs</Header>}
          items={items}
          trackBy="run_id"
          wrapLines
          ariaLabels={{ tableLabel: 'Runs of the campaign' }}
          empty={<Empty title="No run yet">Plan one: it counts everybody, and sends nothing before you approve it.</Empty>}
          columnDefinitions={[
            {
              id: 'run',
              header: 'Run',
              minWidth: 160,
              isRowHeader: true,
              cell: (run) => <Link href={hrefOf(['campaigns', campaign, 'runs', run.run_id])}>{run.run_id}</Link>,
            },
            { id: 'state', header: 'State', minWidth: 160, cell: (run) => <RunStatus state={run.state} /> },
            { id: 'day', header: 'For the day', minWidth: 120, cell: (run) => day(run.day) },
            { id: 'recipients', header: 'Recipients', minWidth: 110, cell: (run) => (run.state === 'PLANNING' ? ABSENT : count(run.recipients)) },
            { id: 'asked', header: 'Asked for', minWidth: 220, cell: (run) => `${moment(run.asked_at)} by ${run.asked_by}` },
          ]}
        />
      )}
    </Loaded>
  )
}

import Button from '@cloudscape-design/components/button'
import ContentLayout from '@cloudscape-design/components/content-layout'
import Header from '@cloudscape-design/components/header'
import Link from '@cloudscape-design/components/link'
import SpaceBetween from '@cloudscape-design/components/space-between'
import Table from '@cloudscape-design/components/table'
import type { CampaignFacts } from '../../api/schema'
import { useGet } from '../../api/use-get'
import { hrefOf } from '../../app/route'
import { moment } from '../../format/moments'
import { Empty } from '../../states/empty'
import { Loaded } from '../../states/loaded'
import { ReadyCampaigns } from './ready-campaigns'
import { SpamRate } from './spam-rate'
import { CampaignStatus, RunStatus } from './states'

/** The shop's campaigns, and those that ship with Tessera. */
export function CampaignList() {
  const campaigns = useGet('/v1/campaigns', {})
  return (
    <ContentLayout
      header={
        <Header
          variant="h1"
          description="A campaign says who gets which message and when. Each run of it awaits an approval, unless its schedule is active."
          actions={
            <Button variant="primary" href={hrefOf(['campaigns', 'new'])}>
              New campaign
            </Button>
          }
        >
          Campaigns
        </Header>
      }
    >
      <Loaded query={campaigns} what="the campaigns">
        {({ items }) => (
          <SpaceBetween size="l">
            <CampaignTable campaigns={items} />
            <Ready />
            <SpamRate />
          </SpaceBetween>
        )}
      </Loaded>
    </ContentLayout>
  )
}

function Ready() {
  const ready = useGet('/v1/ready-campaigns', {})
  return (
    <Loaded query={ready} what="the ready campaigns">
      {({ items }) => <ReadyCampaigns campaigns={items} />}
    </Loaded>
  )
}

function CampaignTable({ campaigns }: { campaigns: readonly CampaignFacts[] }) {
  return (
    <Table<CampaignFacts>
      header={<Header variant="h2" counter={`(${campaigns.length})`}>Your campaigns</Header>}
      items={campaigns}
      trackBy="id"
      wrapLines
      ariaLabels={{ tableLabel: 'Your campaigns' }}
      empty={<Empty title="There is no campaign yet">Make one, or begin with one of those below.</Empty>}
      columnDefinitions={[
        {
          id: 'name',
          header: 'Campaign',
          minWidth: 180,
          isRowHeader: true,
          cell: (one) => <Link href={hrefOf(['campaigns', one.id])}>{one.name}</Link>,
        },
        { id: 'state', header: 'State', minWidth: 120, cell: (one) => <CampaignStatus state={one.state} /> },
        { id: 'run', header: 'Newest run', minWidth: 200, cell: (one) => <NewestRun campaign={one} /> },
        { id: 'changed', header: 'Changed', minWidth: 170, cell: (one) => moment(one.changed_at) },
      ]}
    />
  )
}

function NewestRun({ campaign: { id, last_run: run, last_run_state: state } }: { campaign: CampaignFacts }) {
  if (!run || !state) return <span className="muted">None yet</span>
  return (
    <>
      <Link href={hrefOf(['campaigns', id, 'runs', run])}>{run}</Link> <RunStatus state={state} />
    </>
  )
}

import Box from '@cloudscape-design/components/box'
import Header from '@cloudscape-design/components/header'
import Table from '@cloudscape-design/components/table'
import type { TenantFacts, TenantList } from '../../api/schema'
import { count } from '../../format/figures'
import { moment } from '../../format/moments'
import { destinationTitle } from '../../parts/destinations'
import { Empty } from '../../states/empty'
import { TenantActions } from './tenant-actions'
import { TenantState } from './tenant-state'

interface Props {
  list: TenantList
  onChanged: () => void
}

/** The tenants, with what holds for each. */
export function TenantTable({ list, onChanged }: Props) {
  const open = list.is_open
    ? 'An upload into the folder of an unknown tenant makes that tenant.'
    : 'An upload of an unknown tenant is refused, until you make the tenant here.'
  return (
    <Table<TenantFacts>
      header={
        <Header variant="h2" counter={`(${list.items.length})`} description={open}>
          Shops
        </Header>
      }
      items={list.items}
      trackBy="tenant"
      wrapLines
      empty={<Empty title="No tenants">Make one for each shop.</Empty>}
      columnDefinitions={[
        { id: 'tenant', header: 'Tenant', isRowHeader: true, minWidth: 90, cell: (one) => one.tenant },
        { id: 'state', header: 'State', minWidth: 155, cell: (one) => <TenantState tenant={one} /> },
        {
          id: 'actions',
          header: 'Change',
          minWidth: 85,
          cell: (one) => <TenantActions tenant={one} list={list} onChanged={onChanged} />,
        },
        { id: 'limits', header: 'Limits', minWidth: 170, cell: (one) => <Limits tenant={one} list={list} /> },
        { id: 'destinations', header: 'Destinations', minWidth: 130, cell: destinationWords },
        { id: 'seen', header: 'Last upload', minWidth: 130, cell: (one) => moment(one.seen_at) },
        { id: 'made', header: 'Made', minWidth: 150, cell: madeWords },
      ]}
    />
  )
}

/** What a tenant may use at once. Its own limits are in bold. */
function Limits({ tenant, list }: { tenant: TenantFacts; list: TenantList }) {
  return (
    <>
      <Limit own={tenant.limits.max_runs} usual={list.limits.max_runs} of="runs at once" />
      <Limit own={tenant.limits.requests_per_minute} usual={list.limits.requests_per_minute} of="requests a minute" />
      {!tenant.daily_run && <Box fontWeight="bold">No daily run</Box>}
    </>
  )
}

interface LimitProps {
  own: number | null | undefined
  usual: number | null | undefined
  of: string
}

function Limit({ own, usual, of }: LimitProps) {
  return <Box fontWeight={own ? 'bold' : 'normal'}>{`${count(own ?? usual)} ${of}`}</Box>
}

function madeWords(tenant: TenantFacts): string {
  return tenant.made_at ? `${moment(tenant.made_at)} by ${tenant.made_by}` : 'By its first upload'
}

function destinationWords({ destinations }: TenantFacts): string {
  if (!destinations) return 'All'
  return destinations.map(destinationTitle).join(', ') || 'None'
}

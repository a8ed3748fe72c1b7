import type { LabelledGroup } from '../../api/schema'
import { count, days, money, percent } from '../../format/figures'
import { PlainTable, type Column as PlainColumn } from '../../parts/plain-table'
import { SegmentName } from '../../parts/segment-name'
import { Empty } from '../../states/empty'
import { Forecast } from '../../states/forecast'

interface Props {
  set: string
  groups: readonly LabelledGroup[]
  currency: string
  run?: string | undefined
  /** Only what the bars above it show, and what a marketer acts on first. */
  isShort?: boolean
}

type Column = PlainColumn<LabelledGroup>

/** The groups of a segment set in numbers. */
export function GroupTable({ set, groups, currency, run, isShort }: Props) {
  const places = new Map(groups.map((group, index) => [group.group, index]))
  const name: Column = {
    id: 'group',
    header: 'Segment',
    isRowHeader: true,
    cell: (group) => <SegmentName set={set} label={group.group} index={places.get(group.group) ?? 0} run={run} />,
  }
  return (
    <PlainTable<LabelledGroup>
      label="Segments"
      items={groups}
      trackBy="group"
      columns={[name, ...sizes(currency), ...behaviour(currency, isShort), ...forecasts(currency, isShort)]}
      empty={<Empty title="This set has no groups" />}
    />
  )
}

function WithShare({ share, children }: { share: number; children: string }) {
  return (
    <span className="share">
      {children} <span className="muted">{percent(share / 100)}</span>
    </span>
  )
}

const sizes = (currency: string): Column[] => [
  {
    id: 'uuids',
    header: 'Customers',
    cell: (group) => <WithShare share={group.percentage}>{count(group.uuids)}</WithShare>,
  },
  {
    id: 'monetary',
    header: 'Money',
    cell: (group) => <WithShare share={group.monetary_percentage}>{money(group.monetary, currency)}</WithShare>,
  },
]

const behaviour = (currency: string, isShort = false): Column[] => {
  const silent: Column = { id: 'silent', header: 'Silent for', cell: (group) => days(group.timeliness_avg_days) }
  if (isShort) return [silent]
  return [
    { id: 'orders', header: 'Orders', cell: (group) => count(group.order_count_avg, 1) },
    { id: 'value', header: 'Order value', cell: (group) => money(group.mean_order_value, currency, 2) },
    silent,
  ]
}

const forecasts = (currency: string, isShort = false): Column[] => {
  const risk: Column = {
    id: 'risk',
    header: 'No order in 90 days',
    cell: (group) => (
      <Forecast reason={group.p_no_order_90d_reason} buyers={group.buyers}>
        {group.p_no_order_90d_avg == null ? null : percent(group.p_no_order_90d_avg, 0)}
      </Forecast>
    ),
  }
  if (isShort) return [risk]
  return [
    risk,
    {
      id: 'clv',
      header: 'Value in a year',
      cell: (group) => (
        <Forecast reason={group.clv_reason} buyers={group.buyers}>
          {group.clv_avg == null ? null : money(group.clv_avg, currency)}
        </Forecast>
      ),
    },
  ]
}

import type { EffectSlice } from '../../../api/schema'
import { ABSENT, money, points } from '../../../format/figures'
import { Interval } from '../../../parts/interval'
import { PlainTable } from '../../../parts/plain-table'
import { Small } from '../../../parts/small'
import { shareOf } from './share-of'
import { NOT_ALIKE, Verdict } from './verdict'

const BOUGHT = { more: 'More bought', less: 'Fewer bought' }

interface Props {
  label: string
  /** What the first column is about. */
  title: string
  slices: readonly EffectSlice[]
  currency: string
}

/** Treated against held out, a row for each group of people. */
export function EffectsTable({ label, title, slices, currency }: Props) {
  return (
    <PlainTable<EffectSlice>
      label={label}
      items={slices}
      trackBy="group"
      columns={[
        { id: 'group', header: title, isRowHeader: true, minWidth: 120, cell: (one) => one.group || 'Everybody' },
        { id: 'verdict', header: 'Verdict', minWidth: 150, cell: (one) => <Verdict verdict={one.conversion.verdict} words={BOUGHT} /> },
        { id: 'treated', header: 'Written to', minWidth: 150, cell: ({ conversion: c }) => shareOf(c.treated_buyers, c.treated, { isWithheld: c.verdict === 'withheld', did: ' bought' }) },
        { id: 'held', header: 'Held out', minWidth: 150, cell: ({ conversion: c }) => shareOf(c.held_out_buyers, c.held_out, { isWithheld: c.verdict === 'withheld', did: ' bought' }) },
        { id: 'difference', header: 'Difference', minWidth: 170, cell: (one) => <Difference slice={one} /> },
        { id: 'revenue', header: 'Extra revenue', minWidth: 220, cell: (one) => <Revenue slice={one} currency={currency} /> },
      ]}
    />
  )
}

/** In percentage points: a share less a share. */
function Difference({ slice: { conversion } }: { slice: EffectSlice }) {
  const { difference, low, high, verdict } = conversion
  if (verdict === 'withheld') return <Absent why={NOT_ALIKE} />
  if (difference === null || low === null || high === null) return ABSENT
  return <Interval value={`${points(difference)} points`} low={points(low)} high={points(high)} />
}

/** No figure, and why. */
function Absent({ why }: { why: string }) {
  return (
    <>
      {ABSENT}
      <Small>{why}</Small>
    </>
  )
}

function Revenue({ slice: { conversion, revenue, revenue_note: note }, currency }: { slice: EffectSlice; currency: string }) {
  if (conversion.verdict === 'withheld') return <Absent why={NOT_ALIKE} />
  return (
    <>
      {revenue ? money(revenue.incremental, currency) : ABSENT}
      {revenue && (
        <Small>
          95 % interval: {money(revenue.incremental_low, currency)} to {money(revenue.incremental_high, currency)}. Before cut and adjustment, a
          person spent {money(revenue.treated_mean, currency, 2)}, a held-out one {money(revenue.held_out_mean, currency, 2)}.
        </Small>
      )}
      <Small>{note}</Small>
    </>
  )
}

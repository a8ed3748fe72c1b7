import Box from '@cloudscape-design/components/box'
import SpaceBetween from '@cloudscape-design/components/space-between'
import type { MeanComparison, VariantComparison } from '../../../api/schema'
import { ABSENT, count, gain, money, points } from '../../../format/figures'
import { Interval } from '../../../parts/interval'
import { PlainTable } from '../../../parts/plain-table'
import { Small } from '../../../parts/small'
import { shareOf } from './share-of'
import { NOT_ALIKE, Verdict } from './verdict'

interface Props {
  pairs: readonly VariantComparison[]
  currency: string
}

/** A against B: each pair of variants that were drawn among the same people. */
export function VariantTable({ pairs, currency }: Props) {
  return (
    <section aria-label="Variants against each other">
      <Box variant="h3">Variants against each other</Box>
      <SpaceBetween size="xxs">
        <Box color="text-body-secondary">
          Only people who got one of the two count. {pairs.length > 1 ? `${count(pairs.length)} pairs: the verdicts are corrected for all of them.` : ''}
        </Box>
        {pairs.map((pair) => (
          <Box key={pair.words}>{pair.words}</Box>
        ))}
      </SpaceBetween>
      <PlainTable<VariantComparison>
        label="Variants against each other"
        items={pairs}
        trackBy={({ variant, against }) => `${variant} ${against}`}
        columns={[
          { id: 'pair', header: 'Variants', isRowHeader: true, minWidth: 130, cell: ({ variant, against }) => `${variant} against ${against}` },
          { id: 'verdict', header: 'Verdict', minWidth: 150, cell: ({ variant, verdict }) => <Verdict verdict={verdict} words={{ more: `More with ${variant}`, less: `Fewer with ${variant}` }} /> },
          { id: 'first', header: 'Bought with the first', minWidth: 140, cell: (one) => shareOf(one.buyers, one.people, { isWithheld: one.verdict === 'withheld' }) },
          { id: 'second', header: 'With the second', minWidth: 140, cell: (one) => shareOf(one.against_buyers, one.against_people, { isWithheld: one.verdict === 'withheld' }) },
          { id: 'difference', header: 'Difference', minWidth: 170, cell: (one) => <Buyers pair={one} /> },
          { id: 'orders', header: 'Orders a person', minWidth: 170, cell: (one) => <Mean made={one.orders} pair={one} show={(value) => count(value, 3)} change={(value) => `${value > 0 ? '+' : ''}${count(value, 3)}`} /> },
          {
            id: 'revenue',
            header: 'Revenue a person',
            minWidth: 200,
            cell: (one) => <Mean made={one.revenue} pair={one} show={(value) => money(value, currency, 2)} change={(value) => gain(value, currency)} note={one.revenue_note} />,
          },
        ]}
      />
    </section>
  )
}

/** In percentage points: a share less a share. */
function Buyers({ pair: { difference, verdict } }: { pair: VariantComparison }) {
  if (verdict === 'withheld') return <Small>{NOT_ALIKE}</Small>
  if (!difference) return ABSENT
  return <Interval value={`${points(difference.value)} points`} low={points(difference.low)} high={points(difference.high)} />
}

interface MeanProps {
  made: MeanComparison | null
  pair: VariantComparison
  show: (value: number) => string
  change: (value: number) => string
  note?: string
}

function Mean({ made, pair, show, change, note = '' }: MeanProps) {
  if (pair.verdict === 'withheld') return <Small>{NOT_ALIKE}</Small>
  if (!made) return note ? <Small>{note}</Small> : ABSENT
  const { difference, mean, against_mean: other } = made
  return (
    <>
      <Interval value={change(difference.value)} low={change(difference.low)} high={change(difference.high)} />
      <Small>{`${show(mean)} against ${show(other)}. ${made.verdict === 'inconclusive' ? 'Inconclusive.' : ''} ${note}`}</Small>
    </>
  )
}


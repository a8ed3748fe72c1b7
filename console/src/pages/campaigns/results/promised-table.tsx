import Box from '@cloudscape-design/components/box'
import type { PromisedFigure } from '../../../api/schema'
import { ABSENT, percent, points } from '../../../format/figures'
import { PlainTable } from '../../../parts/plain-table'
import { Small } from '../../../parts/small'
import { shareOf } from './share-of'
import { NOT_ALIKE, Verdict } from './verdict'

const WORDS: Readonly<Record<PromisedFigure['figure'], { title: string; meaning: string; more: string; less: string }>> = {
  reactivation: { title: 'Reactivation', meaning: 'Of those who had lapsed: who ordered', more: 'More came back', less: 'Fewer came back' },
  upsell: { title: 'Upsell', meaning: 'Of the others: whose orders were larger than before', more: 'More spent more', less: 'Fewer spent more' },
  churn: { title: 'No order', meaning: 'Of the others: who did not order', more: 'More without an order', less: 'Fewer without an order' },
}

interface Props {
  figures: readonly PromisedFigure[]
  /** How long orders count, such as "in 30 days". */
  within: string
}

/** The three figures that customer programmes promise, against the holdout. */
export function PromisedTable({ figures, within }: Props) {
  return (
    <section aria-label="What was promised">
      <Box variant="h3">What was promised</Box>
      <Box color="text-body-secondary">Against the holdout, {within}. The three verdicts are corrected for each other.</Box>
      <PlainTable<PromisedFigure>
        label="What was promised"
        items={figures}
        trackBy="figure"
        columns={[
          { id: 'figure', header: 'Figure', isRowHeader: true, minWidth: 190, cell: (one) => <Name figure={one.figure} within={within} /> },
          { id: 'verdict', header: 'Verdict', minWidth: 215, cell: (one) => <Verdict verdict={one.verdict} words={WORDS[one.figure]} isGood={one.figure === 'churn' ? 'less' : 'more'} /> },
          { id: 'treated', header: 'Written to', minWidth: 140, cell: (one) => shareOf(one.treated_count, one.treated, { isWithheld: one.verdict === 'withheld' }) },
          { id: 'held', header: 'Held out', minWidth: 140, cell: (one) => shareOf(one.held_out_count, one.held_out, { isWithheld: one.verdict === 'withheld' }) },
          { id: 'change', header: 'Change', minWidth: 190, cell: (one) => <Change figure={one} /> },
        ]}
      />
    </section>
  )
}

function Name({ figure, within }: { figure: PromisedFigure['figure']; within: string }) {
  return (
    <>
      {figure === 'churn' ? `${WORDS[figure].title} ${within}` : WORDS[figure].title}
      <Small>{WORDS[figure].meaning}</Small>
    </>
  )
}

/** Relative to the held out, and in percentage points. */
function Change({ figure: { lift, difference, verdict } }: { figure: PromisedFigure }) {
  if (verdict === 'withheld')
    return (
      <>
        {ABSENT}
        <Small>{NOT_ALIKE}</Small>
      </>
    )
  if (!difference) return ABSENT
  return (
    <>
      {lift ? signed(lift.value) : ABSENT}
      {lift && <Small>{`95 % interval: ${signed(lift.low)} to ${signed(lift.high)}`}</Small>}
      <Small>{`${points(difference.value)} points (${points(difference.low)} to ${points(difference.high)})`}</Small>
    </>
  )
}


const signed = (share: number): string => `${share > 0 ? '+' : ''}${percent(share)}`


import { useMemo } from 'react'
import type { TargetPoint } from '../../../api/schema'
import { gain, percent } from '../../../format/figures'
import { Interval } from '../../../parts/interval'
import { PlainTable } from '../../../parts/plain-table'
import { BestFirst, CHANCE, GROUPS, type Reading } from './best-first'

const START: TargetPoint = { share: 0, gain: 0, low: 0, high: 0, random_gain: 0, churn_gain: 0 }
const NAME = 'What the best part of the audience brings'
const NUMBERS = 'The curve in numbers'
const CHURN = 'As many, highest churn risk first'
const AGAINST_CHANCE: Reading<TargetPoint> = {
  place: ({ share }) => share,
  value: (point) => point.gain,
  others: { [CHANCE]: (point) => point.random_gain },
  band: ({ low, high }) => ({ low, high }),
  formatPlace: (share) => percent(share, 0),
  formatValue: (value, currency) => gain(value, currency),
  describe: (point, currency) => `Best ${percent(point.share, 0)}: ${gain(point.gain, currency)}, by chance ${gain(point.random_gain, currency)}`,
}
const AGAINST_BOTH: Reading<TargetPoint> = {
  ...AGAINST_CHANCE,
  others: { ...AGAINST_CHANCE.others, [CHURN]: (point) => point.churn_gain ?? NaN },
  describe: (point, currency) => `${AGAINST_CHANCE.describe(point, currency)}, by churn risk ${churnGain(point, currency)}`,
}

const churnGain = (point: TargetPoint, currency: string) => (point.churn_gain == null ? '' : gain(point.churn_gain, currency))

interface Props {
  points: readonly TargetPoint[]
  currency: string
}

/** The Qini curves: what writing to the best part of the audience brings, beside as many chosen otherwise. */
export function GainCurve({ points, currency }: Props) {
  const shown = useMemo(() => [START, ...points], [points])
  const hasChurn = points.every((point) => point.churn_gain != null)
  return (
    <BestFirst<TargetPoint>
      name={NAME}
      heading={NAME}
      meaning="Extra revenue for each person of the whole audience, by the share that is written to. The shade is the 95 % interval."
      chart="Extra revenue by the share of the audience that is written to"
      numbers={NUMBERS}
      points={shown}
      reading={hasChurn ? AGAINST_BOTH : AGAINST_CHANCE}
      currency={currency}
    >
      <PlainTable<TargetPoint>
        label={NUMBERS}
        items={points}
        trackBy={(point) => String(point.share)}
        columns={[
          { id: 'share', header: 'Written to', isRowHeader: true, minWidth: 110, cell: ({ share }) => percent(share, 0) },
          {
            id: 'gain',
            header: GROUPS,
            minWidth: 200,
            cell: (one) => <Interval value={gain(one.gain, currency)} low={gain(one.low, currency)} high={gain(one.high, currency)} />,
          },
          { id: 'random', header: CHANCE, minWidth: 130, cell: (one) => gain(one.random_gain, currency) },
          ...(hasChurn ? [{ id: 'churn', header: CHURN, minWidth: 130, cell: (one: TargetPoint) => churnGain(one, currency) }] : []),
        ]}
      />
    </BestFirst>
  )
}

import { useMemo } from 'react'
import type { TargetPoint } from '../../../api/schema'
import { gain, percent } from '../../../format/figures'
import { Interval } from '../../../parts/interval'
import { PlainTable } from '../../../parts/plain-table'
import { BestFirst, CHANCE, GROUPS, type Reading } from './best-first'

const START: TargetPoint = { share: 0, gain: 0, low: 0, high: 0, random_gain: 0 }
const NAME = 'What the best part of the audience brings'
const NUMBERS = 'The curve in numbers'
const READING: Reading<TargetPoint> = {
  place: ({ share }) => share,
  value: (point) => point.gain,
  byChance: (point) => point.random_gain,
  band: ({ low, high }) => ({ low, high }),
  formatPlace: (share) => percent(share, 0),
  formatValue: (value, currency) => gain(value, currency),
  describe: (point, currency) => `Best ${percent(point.share, 0)}: ${gain(point.gain, currency)}, by chance ${gain(point.random_gain, currency)}`,
}

interface Props {
  points: readonly TargetPoint[]
  currency: string
}

/** The Qini curve: what writing to the best part of the audience brings, beside as many by chance. */
export function GainCurve({ points, currency }: Props) {
  const shown = useMemo(() => [START, ...points], [points])
  return (
    <BestFirst<TargetPoint>
      name={NAME}
      heading={NAME}
      meaning="Extra revenue for each person of the whole audience, by the share that is written to. The shade is the 95 % interval."
      chart="Extra revenue by the share of the audience that is written to"
      numbers={NUMBERS}
      points={shown}
      reading={READING}
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
        ]}
      />
    </BestFirst>
  )
}

import Box from '@cloudscape-design/components/box'
import ExpandableSection from '@cloudscape-design/components/expandable-section'
import { useMemo } from 'react'
import type { TargetPoint } from '../../../api/schema'
import { useAppearance } from '../../../app/appearance'
import { Chart } from '../../../charts/chart'
import { curveOption } from '../../../charts/curve'
import { INK, segmentColour } from '../../../charts/palette'
import { gain, percent } from '../../../format/figures'
import { Interval } from '../../../parts/interval'
import { Legend } from '../../../parts/legend'
import { PlainTable } from '../../../parts/plain-table'

const START: TargetPoint = { share: 0, gain: 0, low: 0, high: 0, random_gain: 0 }
const GROUPS = 'Best groups first'
const CHANCE = 'As many, chosen by chance'

interface Props {
  points: readonly TargetPoint[]
  currency: string
}

/** The Qini curve: what writing to the best part of the audience brings, beside as many by chance. */
export function GainCurve({ points, currency }: Props) {
  const { appearance } = useAppearance()
  const marks = useMemo(
    () => [
      { name: GROUPS, colour: INK[appearance].accent },
      { name: CHANCE, colour: segmentColour(appearance, 5) },
    ],
    [appearance],
  )
  const option = useMemo(() => {
    const shown = [START, ...points]
    return curveOption({
      places: shown.map(({ share }) => share),
      curves: [
        { name: GROUPS, colour: marks[0]?.colour ?? '', values: shown.map((one) => one.gain) },
        { name: CHANCE, colour: marks[1]?.colour ?? '', values: shown.map((one) => one.random_gain), isDashed: true },
      ],
      band: shown,
      appearance,
      formatPlace: (share) => percent(share, 0),
      formatValue: (value) => gain(value, currency),
      describe: (index) => sentenceOf(shown[index], currency),
    })
  }, [points, marks, appearance, currency])
  return (
    <section aria-label="What the best part of the audience brings">
      <Box variant="h3">What the best part of the audience brings</Box>
      <Box color="text-body-secondary">
        Extra revenue for each person of the whole audience, by the share that is written to. The shade is the 95 % interval.
      </Box>
      <Legend marks={marks} />
      <Chart label="Extra revenue by the share of the audience that is written to, best groups first and by chance. The table below has the numbers." option={option} height={260} />
      <ExpandableSection headerText="The curve in numbers">
        <PlainTable<TargetPoint>
          label="The curve in numbers"
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
      </ExpandableSection>
    </section>
  )
}

const sentenceOf = (point: TargetPoint | undefined, currency: string): string =>
  point ? `Best ${percent(point.share, 0)}: ${gain(point.gain, currency)}, by chance ${gain(point.random_gain, currency)}` : ''

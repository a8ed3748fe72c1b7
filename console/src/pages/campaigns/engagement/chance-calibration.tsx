import Box from '@cloudscape-design/components/box'
import { useMemo } from 'react'
import type { ChanceGroup, ReactionChance } from '../../../api/schema'
import { useAppearance } from '../../../app/appearance'
import { barsOption } from '../../../charts/bars'
import { Chart } from '../../../charts/chart'
import { INK, segmentColour } from '../../../charts/palette'
import { count, percent } from '../../../format/figures'
import { Legend } from '../../../parts/legend'
import { REACTIONS } from './reactions'

const NAMES = ['Predicted', 'What came']

/** Predicted and observed shares of ten groups by chance: how far the chances are calibrated. */
export function ChanceCalibration({ chance: { reaction, groups = [] } }: { chance: ReactionChance }) {
  const { appearance } = useAppearance()
  const option = useMemo(
    () =>
      barsOption({
        names: groups.map((_, place) => `${place + 1}`),
        series: [
          { name: 'Predicted', values: groups.map((group) => group.predicted) },
          { name: 'What came', values: groups.map((group) => group.observed) },
        ],
        appearance,
        formatValue: (value) => percent(value, 0),
        describe: (index) => sentenceOf(groups[index], index),
      }),
    [groups, appearance],
  )
  const title = `Predicted against what came: ${REACTIONS[reaction].toLowerCase()}`
  return (
    <section aria-label={title}>
      <Box variant="h3">{title}</Box>
      <Box color="text-body-secondary">By tenths of the people: on the left those with the lowest chance.</Box>
      <Legend marks={NAMES.map((name, place) => ({ name, colour: place === 0 ? INK[appearance].accent : segmentColour(appearance, 5) }))} />
      <Chart label={groups.map(sentenceOf).join(' ')} option={option} height={220} />
    </section>
  )
}

function sentenceOf(group: ChanceGroup | undefined, place: number): string {
  if (!group) return ''
  return `Tenth ${place + 1}: predicted ${percent(group.predicted)}, came ${percent(group.observed)}, of ${count(group.people)} people.`
}

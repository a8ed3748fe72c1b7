import Box from '@cloudscape-design/components/box'
import { useMemo } from 'react'
import type { HourFigures } from '../../../api/schema'
import type { Whole } from '../../../api/whole'
import { useAppearance } from '../../../app/appearance'
import { Chart } from '../../../charts/chart'
import { linesOption } from '../../../charts/lines'
import { segmentColour } from '../../../charts/palette'
import { count, short } from '../../../format/figures'
import { moment } from '../../../format/moments'
import { Legend } from '../../../parts/legend'

const LINES = [
  { name: 'Delivered', of: 'delivered' },
  { name: 'Clicked', of: 'clicked' },
  { name: 'Bounced', of: 'bounced' },
  { name: 'Complained', of: 'complained' },
] as const

type Hour = Whole<HourFigures>
type Kind = (typeof LINES)[number]['of']

/** How many people each kind of report names so far, hour by hour. */
export function FiguresOverTime({ hours }: { hours: readonly Hour[] }) {
  const { appearance } = useAppearance()
  const colours = useMemo(() => LINES.map((_, place) => segmentColour(appearance, 3 * place)), [appearance])
  const option = useMemo(
    () =>
      linesOption({
        days: hours.map(({ hour }) => hour),
        lines: LINES.map(({ name, of }, place) => ({ name, colour: colours[place] ?? '', values: soFar(hours, of) })),
        appearance,
        formatDay: moment,
        formatValue: count,
        formatAxis: short,
      }),
    [hours, appearance, colours],
  )
  if (hours.length < 2) return null
  return (
    <section aria-label="Over time">
      <Box variant="h3">Over time</Box>
      <Legend marks={LINES.map(({ name }, place) => ({ name, colour: colours[place] ?? '' }))} />
      <Chart label="People whose message was delivered, clicked, bounced or complained about, so far, by the hour" option={option} height={240} />
    </section>
  )
}

/** Each person is counted in the first hour that names them, so hours can be added. */
function soFar(hours: readonly Hour[], kind: Kind): readonly number[] {
  let sum = 0
  return hours.map(({ events }) => (sum += events[kind]))
}

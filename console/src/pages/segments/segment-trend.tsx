import Container from '@cloudscape-design/components/container'
import Header from '@cloudscape-design/components/header'
import { useMemo } from 'react'
import type { TrendPoint } from '../../api/schema'
import { useAppearance } from '../../app/appearance'
import { Chart } from '../../charts/chart'
import { linesOption } from '../../charts/lines'
import { segmentColour } from '../../charts/palette'
import { count, short } from '../../format/figures'
import { day } from '../../format/moments'
import { Empty } from '../../states/empty'

interface Props {
  set: string
  label: string
  index: number
  points: readonly TrendPoint[]
}

/** How many customers the segment had in each run. */
export function SegmentTrend({ set, label, index, points }: Props) {
  const { appearance } = useAppearance()
  const option = useMemo(
    () =>
      linesOption({
        days: points.map((point) => point.as_of),
        lines: [
          {
            name: label,
            colour: segmentColour(appearance, index),
            values: points.map((point) => sizeIn(point, set, label)),
          },
        ],
        appearance,
        formatDay: day,
        formatValue: count,
        formatAxis: short,
      }),
    [points, set, label, index, appearance],
  )
  return (
    <Container fitHeight header={<Header variant="h2">Size over runs</Header>}>
      {points.length < 2 ? (
        <Empty title="One run so far">The trend begins with the second run.</Empty>
      ) : (
        <Chart label={`Customers in ${label} over ${points.length} runs`} option={option} height={240} />
      )}
    </Container>
  )
}

/** Null where a run did not keep the set's sizes: the line has a gap there. */
function sizeIn(point: TrendPoint, set: string, label: string): number | null {
  const groups = point.groups?.[set]
  if (groups) return groups[label]?.customers ?? 0
  return set === 'rfm' ? (point.segments[label] ?? 0) : null
}

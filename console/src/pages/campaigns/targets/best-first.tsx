import Box from '@cloudscape-design/components/box'
import ExpandableSection from '@cloudscape-design/components/expandable-section'
import { useMemo, type ReactNode } from 'react'
import { useAppearance } from '../../../app/appearance'
import { Chart } from '../../../charts/chart'
import { curveOption } from '../../../charts/curve'
import { INK, segmentColour } from '../../../charts/palette'
import { Legend } from '../../../parts/legend'

export const GROUPS = 'Best groups first'
export const CHANCE = 'As many, chosen by chance'
const OTHER_COLOURS = [5, 8]

/** What is shown of one point. It does not change while the page is shown. */
export interface Reading<Point> {
  place: (point: Point) => number
  value: (point: Point) => number
  /** Other ways to choose as many, by their names. */
  others: Readonly<Record<string, (point: Point) => number>>
  band: (point: Point) => { low: number; high: number }
  formatPlace: (place: number) => string
  formatValue: (value: number, currency: string) => string
  describe: (point: Point, currency: string) => string
}

interface Props<Point> {
  name: string
  heading: string
  meaning: string
  chart: string
  numbers: string
  /** The point of nobody first. */
  points: readonly Point[]
  reading: Reading<Point>
  currency: string
  /** The table of the numbers. */
  children: ReactNode
}

/** What the best part of the audience brings, beside as many people chosen otherwise. */
export function BestFirst<Point>({ name, heading, meaning, chart, numbers, points, reading, currency, children }: Props<Point>) {
  const { appearance } = useAppearance()
  const marks = useMemo(
    () => [
      { name: GROUPS, colour: INK[appearance].accent },
      ...Object.keys(reading.others).map((name, at) => ({ name, colour: segmentColour(appearance, OTHER_COLOURS[at] ?? 0) })),
    ],
    [appearance, reading],
  )
  const option = useMemo(
    () =>
      curveOption({
        places: points.map(reading.place),
        curves: [
          { name: GROUPS, colour: marks[0]?.colour ?? '', values: points.map(reading.value) },
          ...Object.entries(reading.others).map(([name, value], at) => ({
            name,
            colour: marks[at + 1]?.colour ?? '',
            values: points.map(value),
            isDashed: true,
          })),
        ],
        band: points.map(reading.band),
        appearance,
        formatPlace: reading.formatPlace,
        formatValue: (value) => reading.formatValue(value, currency),
        describe: (index) => {
          const point = points[index]
          return point ? reading.describe(point, currency) : ''
        },
      }),
    [points, reading, marks, appearance, currency],
  )
  return (
    <section aria-label={name}>
      <Box variant="h3">{heading}</Box>
      <Box color="text-body-secondary">{meaning}</Box>
      <Legend marks={marks} />
      <Chart label={`${chart}, best groups first and chosen otherwise. The table below has the numbers.`} option={option} height={260} />
      <ExpandableSection headerText={numbers}>{children}</ExpandableSection>
    </section>
  )
}

import Box from '@cloudscape-design/components/box'
import ExpandableSection from '@cloudscape-design/components/expandable-section'
import { useMemo } from 'react'
import type { FrontierPoint } from '../../../../api/schema'
import { useAppearance } from '../../../../app/appearance'
import { Chart } from '../../../../charts/chart'
import { curveOption } from '../../../../charts/curve'
import { INK, segmentColour } from '../../../../charts/palette'
import { count, customers, gain, money, shortMoney, short } from '../../../../format/figures'
import { Interval } from '../../../../parts/interval'
import { Legend } from '../../../../parts/legend'
import { PlainTable } from '../../../../parts/plain-table'

const START: FrontierPoint = { share: 0, customers: 0, cost: 0, margin: 0, low: 0, high: 0, net: 0, random_net: 0 }
const GROUPS = 'Best groups first'
const CHANCE = 'As many, chosen by chance'

interface Props {
  points: readonly FrontierPoint[]
  currency: string
}

/** What each further part of the audience adds, after the cost. */
export function Frontier({ points, currency }: Props) {
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
      places: shown.map((one) => one.customers),
      curves: [
        { name: GROUPS, colour: marks[0]?.colour ?? '', values: shown.map(({ net }) => net) },
        { name: CHANCE, colour: marks[1]?.colour ?? '', values: shown.map((one) => one.random_net), isDashed: true },
      ],
      band: shown.map(({ low, high, cost }) => ({ low: low - cost, high: high - cost })),
      appearance,
      formatPlace: short,
      formatValue: (value) => shortMoney(value, currency),
      describe: (index) => sentenceOf(shown[index], currency),
    })
  }, [points, marks, appearance, currency])
  return (
    <section aria-label="The frontier">
      <Box variant="h3">How far the offer pays</Box>
      <Box color="text-body-secondary">
        What is expected after the cost, by how many customers get the offer. The shade is the 95 % interval, on people that the groups were not
        learnt from.
      </Box>
      <Legend marks={marks} />
      <Chart label="Expected margin after the cost by the customers who get the offer, best groups first and by chance. The table below has the numbers." option={option} height={260} />
      <ExpandableSection headerText="The frontier in numbers">
        <PlainTable<FrontierPoint>
          label="The frontier in numbers"
          items={points}
          trackBy={(point) => String(point.share)}
          columns={[
            { id: 'customers', header: 'Customers', isRowHeader: true, minWidth: 100, cell: (one) => count(one.customers) },
            { id: 'cost', header: 'Cost', minWidth: 90, cell: (one) => money(one.cost, currency) },
            {
              id: 'margin',
              header: 'Expected margin',
              minWidth: 200,
              cell: (one) => <Interval value={gain(one.margin, currency, 0)} low={gain(one.low, currency, 0)} high={gain(one.high, currency, 0)} />,
            },
            { id: 'net', header: 'After the cost', minWidth: 110, cell: (one) => gain(one.net, currency, 0) },
            { id: 'random', header: 'By chance', minWidth: 110, cell: (one) => gain(one.random_net, currency, 0) },
          ]}
        />
      </ExpandableSection>
    </section>
  )
}

const sentenceOf = (point: FrontierPoint | undefined, currency: string): string =>
  point ? `${customers(point.customers)}: ${gain(point.net, currency, 0)} after the cost, by chance ${gain(point.random_net, currency, 0)}` : ''

import { useMemo } from 'react'
import type { FrontierPoint } from '../../../../api/schema'
import { count, customers, gain, money, short, shortMoney } from '../../../../format/figures'
import { Interval } from '../../../../parts/interval'
import { PlainTable } from '../../../../parts/plain-table'
import { BestFirst, CHANCE, type Reading } from '../best-first'

const START: FrontierPoint = { share: 0, customers: 0, cost: 0, margin: 0, low: 0, high: 0, net: 0, random_net: 0 }
const NUMBERS = 'The frontier in numbers'
const READING: Reading<FrontierPoint> = {
  place: (point) => point.customers,
  value: ({ net }) => net,
  others: { [CHANCE]: (point) => point.random_net },
  band: ({ low, high, cost }) => ({ low: low - cost, high: high - cost }),
  formatPlace: short,
  formatValue: shortMoney,
  describe: (point, currency) =>
    `${customers(point.customers)}: ${gain(point.net, currency, 0)} after the cost, by chance ${gain(point.random_net, currency, 0)}`,
}

interface Props {
  points: readonly FrontierPoint[]
  currency: string
}

/** What each further part of the audience adds, after the cost. */
export function Frontier({ points, currency }: Props) {
  const shown = useMemo(() => [START, ...points], [points])
  return (
    <BestFirst<FrontierPoint>
      name="The frontier"
      heading="How far the offer pays"
      meaning="What is expected after the cost, by how many customers get the offer. The shade is the 95 % interval, on people that the groups were not learnt from."
      chart="Expected margin after the cost by the customers who get the offer"
      numbers={NUMBERS}
      points={shown}
      reading={READING}
      currency={currency}
    >
      <PlainTable<FrontierPoint>
        label={NUMBERS}
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
    </BestFirst>
  )
}

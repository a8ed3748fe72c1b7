import { useMemo } from 'react'
import type { Product } from '../../api/schema'
import { useAppearance } from '../../app/appearance'
import { Chart } from '../../charts/chart'
import { rankingOption } from '../../charts/ranking'
import { count, customers, money, shortMoney } from '../../format/figures'
import { nameOf, valueOf, type Measure } from './ranking'

const BARS = 10

interface Props {
  products: readonly Product[]
  measure: Measure
  currency: string
}

/** The first ten products as bars. */
export function ProductChart({ products, measure, currency }: Props) {
  const { appearance } = useAppearance()
  const option = useMemo(() => {
    const bars = products.slice(0, BARS)
    return rankingOption({
      names: bars.map(nameOf),
      values: bars.map((product) => valueOf(product, measure)),
      appearance,
      formatValue: (value) => (measure === 'money' ? shortMoney(value, currency) : count(value)),
      describe: (index) => {
        const product = bars[index]
        return product ? `${money(product.money, currency)} from ${customers(product.buyers)}` : ''
      },
    })
  }, [products, measure, currency, appearance])
  return (
    <Chart
      label={`The first products by ${measure}. The table below has the numbers.`}
      option={option}
      height={40 + 26 * Math.min(BARS, products.length)}
    />
  )
}

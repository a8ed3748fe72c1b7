import Container from '@cloudscape-design/components/container'
import Header from '@cloudscape-design/components/header'
import { ABSENT, count, money, percent } from '../../format/figures'
import { asSentences } from '../../format/words'
import { PlainTable } from '../../parts/plain-table'
import { Withheld } from '../../states/withheld'
import type { QuantityOf } from './explanation'

interface Props {
  quantities: readonly QuantityOf[]
  currency: string
}

/** What is expected of the customer, or why there is no figure. */
export function CustomerForecasts({ quantities, currency }: Props) {
  return (
    <Container header={<Header variant="h2" description="A figure is shown only where figures held in the test.">Forecasts</Header>}>
      <PlainTable<QuantityOf>
        label="Forecasts"
        items={quantities}
        trackBy="title"
        columns={[
          { id: 'title', header: 'Forecast', isRowHeader: true, cell: (one) => one.title },
          { id: 'value', header: 'Figure', minWidth: 130, cell: (one) => <Value quantity={one} currency={currency} /> },
          { id: 'range', header: '80 % range', minWidth: 110, cell: (one) => rangeOf(one, currency) },
          { id: 'tenth', header: 'Rank', cell: (one) => (one.tenth === null ? ABSENT : `Tenth ${one.tenth} of 10`) },
        ]}
      />
    </Container>
  )
}

function Value({ quantity, currency }: { quantity: QuantityOf; currency: string }) {
  if (quantity.value !== null) return show(quantity, quantity.value, currency)
  return <Withheld reason={asSentences(quantity.why)} label={quantity.grade === 'ranking' ? 'Rank only' : 'Withheld'} />
}

function rangeOf(quantity: QuantityOf, currency: string): string {
  if (quantity.value === null || quantity.from === null) return ABSENT
  return `${show(quantity, quantity.from, currency)} to ${show(quantity, quantity.to, currency)}`
}

function show(quantity: QuantityOf, value: number | string | null, currency: string): string {
  if (quantity.column.startsWith('p_')) return percent(value, 0)
  return quantity.column.startsWith('clv') ? money(value, currency, 2) : count(value, 1)
}

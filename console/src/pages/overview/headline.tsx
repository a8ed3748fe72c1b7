import Container from '@cloudscape-design/components/container'
import KeyValuePairs from '@cloudscape-design/components/key-value-pairs'
import type { Overview } from '../../api/schema'
import { BigFigure } from '../../parts/big-figure'
import { count, customers, days, money, percent } from '../../format/figures'

/** All customers in six figures. */
export function Headline({ overview, currency }: { overview: Overview; currency: string }) {
  return (
    <Container>
      <KeyValuePairs
        columns={3}
        minColumnWidth={130}
        items={[
          { label: 'Customers', value: <BigFigure>{count(overview.customers)}</BigFigure> },
          { label: 'Money, net of refunds', value: <BigFigure>{money(overview.monetary, currency)}</BigFigure> },
          { label: 'Orders', value: <BigFigure>{count(overview.orders)}</BigFigure> },
          {
            label: 'Repeat rate',
            value: (
              <BigFigure note={overview.repeat_buyers === null ? '' : `${customers(overview.repeat_buyers)} ordered again`}>
                {percent(overview.repeat_rate)}
              </BigFigure>
            ),
          },
          {
            label: 'Time to second order',
            value: <BigFigure note="median">{days(overview.median_days_to_second_order)}</BigFigure>,
          },
          {
            label: 'Average order value',
            value: <BigFigure>{money(overview.average_order_value, currency, 2)}</BigFigure>,
          },
        ]}
      />
    </Container>
  )
}

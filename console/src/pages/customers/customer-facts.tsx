import Container from '@cloudscape-design/components/container'
import KeyValuePairs from '@cloudscape-design/components/key-value-pairs'
import type { CustomerProfile } from '../../api/schema'
import { count, days, money } from '../../format/figures'
import { day } from '../../format/moments'
import { BigFigure } from '../../parts/big-figure'

/** The customer's history in figures. */
export function CustomerFacts({ profile, currency }: { profile: CustomerProfile; currency: string }) {
  return (
    <Container>
      <KeyValuePairs
        columns={4}
        minColumnWidth={150}
        items={[
          { label: 'Orders', value: <BigFigure>{count(profile.frequency)}</BigFigure> },
          { label: 'Money, net of refunds', value: <BigFigure>{money(profile.monetary, currency, 2)}</BigFigure> },
          { label: 'Order value, mean', value: <BigFigure>{money(profile.mean_order_value, currency, 2)}</BigFigure> },
          { label: 'Silent for', value: <BigFigure>{days(profile.recency_days)}</BigFigure> },
          { label: 'First order', value: day(profile.first_purchase_at) },
          { label: 'Last order', value: day(profile.last_purchase_at) },
          { label: 'Customer for', value: days(profile.tenure_days) },
          { label: 'Next order expected', value: day(profile.next_order_at) },
          ...(profile.sessions
            ? [
                { label: 'Sessions', value: count(profile.sessions) },
                { label: 'Sessions in 30 days', value: count(profile.sessions_30d ?? 0) },
                { label: 'Time since last visit', value: days(profile.last_view_days) },
              ]
            : []),
        ]}
      />
    </Container>
  )
}

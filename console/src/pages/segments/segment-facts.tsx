import Box from '@cloudscape-design/components/box'
import Container from '@cloudscape-design/components/container'
import KeyValuePairs from '@cloudscape-design/components/key-value-pairs'
import SpaceBetween from '@cloudscape-design/components/space-between'
import type { LabelledGroup } from '../../api/schema'
import { count, days, money, percent } from '../../format/figures'
import { BigFigure } from '../../parts/big-figure'
import { Forecast } from '../../states/forecast'

/** A segment's meaning, what to do with its customers, and its figures. */
export function SegmentFacts({ group, currency }: { group: LabelledGroup; currency: string }) {
  const share = percent(group.percentage / 100)
  const moneyShare = percent(group.monetary_percentage / 100)
  return (
    <Container>
      <SpaceBetween size="l">
        <SpaceBetween size="xxs">
          <Box variant="p">{group.meaning}</Box>
          <Box variant="p">
            <strong>What to do:</strong> {group.action}
          </Box>
        </SpaceBetween>
        <KeyValuePairs
          columns={4}
          minColumnWidth={150}
          items={[
            { label: 'Customers', value: <BigFigure note={`${share} of all`}>{count(group.uuids)}</BigFigure> },
            {
              label: 'Money, net of refunds',
              value: <BigFigure note={`${moneyShare} of all`}>{money(group.monetary, currency)}</BigFigure>,
            },
            { label: 'Orders, mean', value: <BigFigure>{count(group.order_count_avg, 1)}</BigFigure> },
            { label: 'Order value, mean', value: <BigFigure>{money(group.mean_order_value, currency, 2)}</BigFigure> },
            { label: 'Since last order, mean', value: <BigFigure>{days(group.timeliness_avg_days)}</BigFigure> },
            { label: 'Value so far, mean', value: <BigFigure>{money(group.historic_value_avg, currency)}</BigFigure> },
            {
              label: 'No order in 90 days',
              value: (
                <Forecast reason={group.p_no_order_90d_reason} buyers={group.buyers}>
                  {group.p_no_order_90d_avg == null ? null : <BigFigure>{percent(group.p_no_order_90d_avg, 0)}</BigFigure>}
                </Forecast>
              ),
            },
            {
              label: 'Value in a year, mean',
              value: (
                <Forecast reason={group.clv_reason} buyers={group.buyers}>
                  {group.clv_avg == null ? null : <BigFigure>{money(group.clv_avg, currency)}</BigFigure>}
                </Forecast>
              ),
            },
          ]}
        />
      </SpaceBetween>
    </Container>
  )
}

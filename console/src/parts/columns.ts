import { sentence } from './set-names'

/** The columns of a customer's profile in words. */
const WORDS: Readonly<Record<string, string>> = {
  recency_days: 'Days since last order',
  frequency: 'Orders',
  monetary: 'Money, net of refunds',
  mean_order_value: 'Mean order value',
  tenure_days: 'Days since first order',
  first_purchase_at: 'First order',
  last_purchase_at: 'Last order',
  views: 'Views',
  segment: 'Segment',
  cluster: 'Cluster',
  r_score: 'Recency score',
  f_score: 'Frequency score',
  m_score: 'Money score',
  p_alive: 'Chance to be a customer still',
  p_no_order_30d: 'Chance of no order in 30 days',
  p_no_order_90d: 'Chance of no order in 90 days',
  p_no_order_180d: 'Chance of no order in 180 days',
  expected_orders_365d: 'Expected orders in a year',
  next_order_at: 'Next order expected',
  clv_365d: 'Value of the next year',
  value_tenth: 'Tenth by value',
  orders_tenth: 'Tenth by orders',
  no_order_tenth: 'Tenth by risk of no order',
  historic_value: 'Value so far',
  total_value: 'Value so far and of the next year',
  p_cancel_30d: 'Chance to cancel in 30 days',
  gap_state: 'Gap between orders',
  value_tier: 'Value',
  churn_band: 'Churn risk',
  cancel_band: 'Cancellation risk',
  value_at_risk: 'Value at risk',
}

export const columnWords = (column: string): string => WORDS[column] ?? sentence(column)

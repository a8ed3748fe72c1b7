import Box from '@cloudscape-design/components/box'
import KeyValuePairs from '@cloudscape-design/components/key-value-pairs'
import SpaceBetween from '@cloudscape-design/components/space-between'
import type { CampaignResults, EffectSlice } from '../../../api/schema'
import { ABSENT, count, days, money, percent } from '../../../format/figures'
import { Small } from '../../../parts/small'
import { EffectsTable } from './effects-table'
import { PromisedTable } from './promised-table'
import { NOT_ALIKE } from './verdict'

interface Props {
  results: CampaignResults
  currency: string
  resultDays: number
}

/** The effect on everybody, in people and in money. Each figure has its interval. */
export function DidItWork({ results, currency, resultDays }: Props) {
  const { sizes, slices, promised = [] } = results
  const all = slices.find((one) => one.by === 'all')
  if (!all) return null
  return (
    <SpaceBetween size="m">
      {all.words && <Box fontSize="heading-m">{all.words}</Box>}
      <Box color="text-body-secondary">
        {count(sizes.people)} people so far, of which {count(sizes.held_out)} are held out. {LOOKS[results.inference ?? 'fixed_horizon']}
      </Box>
      {sizes.is_mismatch ? <NoExtra /> : <Extra slice={all} currency={currency} />}
      <section aria-label="All together">
        <Box variant="h3">All together</Box>
        <EffectsTable label="All together" title="People" slices={[all]} currency={currency} />
      </section>
      {promised.length > 0 && <PromisedTable figures={promised} within={`in ${days(resultDays)}`} />}
    </SpaceBetween>
  )
}

const LOOKS = {
  fixed_horizon: 'There is one look: everybody counts from the same day on.',
  always_valid: 'The intervals hold at every look, whenever you stop.',
}

const EXTRA = ['Extra buyers', 'Extra orders', 'Extra revenue', 'Extra margin']

/** No figure is right where people were lost after the draw. */
function NoExtra() {
  return <KeyValuePairs columns={4} minColumnWidth={180} items={EXTRA.map((label) => ({ label, value: <Figure value={ABSENT} note={NOT_ALIKE} /> }))} />
}

function Extra({ slice: { conversion, orders, revenue }, currency }: { slice: EffectSlice; currency: string }) {
  const people = conversion.treated
  const times = (share: number | null) => (share === null ? null : share * people)
  const low = times(conversion.low)
  const high = times(conversion.high)
  const margin = revenue?.margin
  return (
    <KeyValuePairs
      columns={4}
      minColumnWidth={180}
      items={[
        {
          label: 'Extra buyers',
          value: <Figure value={signed(times(conversion.difference))} interval={low === null || high === null ? '' : ends(signed(low), signed(high))} />,
        },
        {
          label: 'Extra orders',
          value: orders ? (
            <Figure value={signed(orders.incremental.value)} interval={ends(signed(orders.incremental.low), signed(orders.incremental.high))} note={narrowed(orders.variance_removed)} />
          ) : (
            <Figure value={ABSENT} note="Shown from 30 buyers in each group on." />
          ),
        },
        {
          label: 'Extra revenue',
          value: revenue ? (
            <Figure
              value={money(revenue.incremental, currency)}
              interval={ends(money(revenue.incremental_low, currency), money(revenue.incremental_high, currency))}
              note={narrowed(revenue.variance_removed ?? 0)}
            />
          ) : (
            <Figure value={ABSENT} note="Shown from 100 buyers in each group on." />
          ),
        },
        {
          label: 'Extra margin',
          value: margin ? (
            <Figure value={money(margin.value, currency)} interval={ends(money(margin.low, currency), money(margin.high, currency))} />
          ) : (
            <Figure value={ABSENT} note={revenue ? 'Set campaigns.margin_rate in the settings to see it.' : 'It is a share of the revenue.'} />
          ),
        },
      ]}
    />
  )
}

function Figure({ value, interval = '', note = '' }: { value: string; interval?: string; note?: string }) {
  return (
    <>
      <Box fontSize="heading-l" fontWeight="bold">
        <span className="figures">{value}</span>
      </Box>
      {[interval && `95 % interval: ${interval}`, note].filter(Boolean).map((line) => (
        <Small key={line}>{line}</Small>
      ))}
    </>
  )
}

const signed = (value: number | null): string => (value === null ? ABSENT : `${value > 0 ? '+' : ''}${count(value)}`)

const ends = (low: string, high: string): string => `${low} to ${high}`

const narrowed = (share: number): string => (share >= 0.01 ? `Past spend explains ${percent(share, 0)} of its variance.` : '')

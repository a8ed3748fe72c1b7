import Box from '@cloudscape-design/components/box'
import Button from '@cloudscape-design/components/button'
import KeyValuePairs from '@cloudscape-design/components/key-value-pairs'
import SpaceBetween from '@cloudscape-design/components/space-between'
import StatusIndicator, { type StatusIndicatorProps } from '@cloudscape-design/components/status-indicator'
import type { CampaignTargets, Offer, OfferGroup, OfferPlan } from '../../../../api/schema'
import { hrefOf } from '../../../../app/route'
import { count, customers, gain, money, percent } from '../../../../format/figures'
import { Interval } from '../../../../parts/interval'
import { PlainTable } from '../../../../parts/plain-table'
import { Small } from '../../../../parts/small'
import { limitWords } from '../group-table'
import { Frontier } from './frontier'
import { SaveSet } from './save-set'
import { queryOf } from './terms'

interface Props {
  terms: Offer
  plan: OfferPlan
  targets: CampaignTargets
  currency: string
}

type Row = OfferGroup & { words: string }

const LABELS: Readonly<Record<string, { type: StatusIndicatorProps.Type; meaning: string }>> = {
  First: { type: 'success', meaning: 'Worth its cost, within the budget' },
  Later: { type: 'pending', meaning: 'Worth its cost, beyond the budget' },
  Leave: { type: 'stopped', meaning: 'Not worth its cost' },
}

/** To which customers an offer goes first, what that costs and brings, and the segment set of it. */
export function PlannedOffer({ terms, plan, targets, currency }: Props) {
  const { verdict, groups, frontier, set, spent, net } = plan
  return (
    <SpaceBetween size="m">
      <section aria-label="The planned offer">
        <Box color="text-body-secondary">{termsWords(terms, currency)}</Box>
        <Box fontSize="heading-m">{verdict}</Box>
      </section>
      {groups.length > 0 && (
        <KeyValuePairs
          columns={3}
          minColumnWidth={150}
          items={[
            { label: 'Get the offer', value: customers(plan.customers) },
            { label: 'Spent', value: money(spent, currency, 2) },
            { label: 'Expected after the cost', value: gain(net, currency) },
          ]}
        />
      )}
      {groups.length > 0 && <Groups groups={groups.map((one, place) => ({ ...one, words: wordsOf(one, targets, place) }))} currency={currency} />}
      {frontier.length > 0 && <Frontier points={frontier} currency={currency} />}
      {set && <SaveSet definition={set} groups={groups} />}
      {plan.audience && plan.customers > 0 && (
        <Button href={hrefOf(['campaigns', 'new'], { offer: plan.campaign, ...queryOf(terms) })}>Make a campaign for those who get it</Button>
      )}
    </SpaceBetween>
  )
}

const termsWords = ({ cost, margin, budget }: Offer, currency: string): string =>
  `For a cost of ${money(cost, currency, 2)} for each person, a margin of ${percent(margin, 0)} and ${
    typeof budget === 'number' ? `a budget of ${money(budget, currency, 2)}` : 'no limit to the budget'
  }.`

/** The plan has the groups in the order of the targets. Without these the API's own words stand. */
function wordsOf(group: OfferGroup, { groups = [] }: CampaignTargets, place: number): string {
  const learnt = groups[place]
  return learnt && learnt.customers === group.customers ? limitWords(learnt.limits) : group.who
}

function Groups({ groups, currency }: { groups: readonly Row[]; currency: string }) {
  return (
    <section aria-label="Who gets the offer">
      <Box variant="h3">Who gets it</Box>
      <PlainTable<Row>
        label="Who gets the offer"
        items={groups}
        trackBy="words"
        columns={[
          { id: 'who', header: 'Who', isRowHeader: true, minWidth: 200, cell: ({ words }) => words },
          { id: 'label', header: 'The offer', minWidth: 160, cell: ({ label }) => <Label label={label} /> },
          { id: 'customers', header: 'Customers', minWidth: 100, cell: (one) => count(one.customers) },
          {
            id: 'margin',
            header: 'Expected margin for each',
            minWidth: 190,
            cell: ({ margin, low, high }) => <Interval value={gain(margin, currency)} low={gain(low, currency)} high={gain(high, currency)} />,
          },
          { id: 'net', header: 'All together, after the cost', minWidth: 150, cell: (one) => gain(one.net, currency, 0) },
        ]}
      />
    </section>
  )
}

function Label({ label }: { label: string }) {
  const known = LABELS[label]
  if (!known) return label
  return (
    <>
      <StatusIndicator type={known.type}>{label}</StatusIndicator>
      <Small>{known.meaning}</Small>
    </>
  )
}

import Box from '@cloudscape-design/components/box'
import Container from '@cloudscape-design/components/container'
import Header from '@cloudscape-design/components/header'
import SpaceBetween from '@cloudscape-design/components/space-between'
import type { CampaignResults, EffectSlice } from '../../../api/schema'
import { EffectsTable } from './effects-table'
import { VariantTable } from './variant-table'

const PARTS = [
  { by: 'churn_band', title: 'Churn risk', heading: 'By churn risk' },
  { by: 'value_tier', title: 'Value', heading: 'By value' },
  { by: 'variant', title: 'Variant', heading: 'By variant' },
] as const

/** Bands and tiers have an order. Variants keep that of the results. */
const ORDER = ['High', 'Middle', 'Low']

const placeOf = ({ group }: EffectSlice): number => (ORDER.includes(group) ? ORDER.indexOf(group) : ORDER.length)

/** The effect on each group of people, with all groups of a kind corrected for each other. */
export function ForWhichPeople({ results: { slices, variants = [] }, currency }: { results: CampaignResults; currency: string }) {
  const shown = PARTS.map((part) => ({ ...part, own: slices.filter((one) => one.by === part.by).toSorted((one, other) => placeOf(one) - placeOf(other)) })).filter(({ own }) => own.length > 0)
  return (
    <Container
      header={
        <Header variant="h2" description="Of many groups one looks good by chance. So each verdict is corrected for the other groups of its table.">
          For which people?
        </Header>
      }
    >
      <SpaceBetween size="m">
        {shown.map(({ heading, title, own }) => (
          <section key={heading} aria-label={heading}>
            <Box variant="h3">{heading}</Box>
            {own.length > 1 && <Box color="text-body-secondary">{own.length} comparisons. An interval stands for its group alone.</Box>}
            <EffectsTable label={heading} title={title} slices={own} currency={currency} />
          </section>
        ))}
        {variants.length > 0 && <VariantTable pairs={variants} currency={currency} />}
      </SpaceBetween>
    </Container>
  )
}

import Container from '@cloudscape-design/components/container'
import Header from '@cloudscape-design/components/header'
import SpaceBetween from '@cloudscape-design/components/space-between'
import { useState } from 'react'
import type { CampaignTargets, Offer as OfferTerms, OfferPlan } from '../../../../api/schema'
import { post } from '../../../../api/use-action'
import { OfferForm } from './offer-form'
import { PlannedOffer } from './planned-offer'

interface Props {
  campaign: string
  targets: CampaignTargets
  currency: string
}

/** An offer with a budget, and to which customers it goes first. */
export function Offer({ campaign, targets, currency }: Props) {
  const [made, setMade] = useState<{ terms: OfferTerms; plan: OfferPlan }>()
  const plan = async (terms: OfferTerms) => {
    setMade({ terms, plan: await post('/v1/campaigns/{campaign_id}/offer', { campaign_id: campaign }, terms) })
  }
  return (
    <Container
      header={
        <Header variant="h2" description="What does an offer cost, and what does a sale leave? The budget goes to the groups first that add most.">
          Plan an offer
        </Header>
      }
    >
      <SpaceBetween size="l">
        <OfferForm currency={currency} onPlan={plan} />
        <div aria-live="polite">{made && <PlannedOffer terms={made.terms} plan={made.plan} targets={targets} currency={currency} />}</div>
      </SpaceBetween>
    </Container>
  )
}

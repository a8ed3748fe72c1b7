import { useEffect, useState } from 'react'
import type { Offer, OfferPlan } from '../../../api/schema'
import { post, useAction } from '../../../api/use-action'
import { Loading } from '../../../states/loading'
import { ProblemAlert } from '../../../states/problem-alert'
import { newDefinition, type Audience } from '../definition'
import { CampaignForm } from './campaign-form'

/** A new campaign for the customers that get an offer first. It is planned again, so the address is enough. */
export function FromOffer({ campaign, terms }: { campaign: string; terms: Offer }) {
  const [plan, setPlan] = useState<OfferPlan>()
  const { problem, run } = useAction()
  const asked = JSON.stringify(terms)
  useEffect(() => {
    const offer = JSON.parse(asked) as Offer
    void run(async () => setPlan(await post('/v1/campaigns/{campaign_id}/offer', { campaign_id: campaign }, offer)))
  }, [campaign, asked, run])
  if (problem) return <ProblemAlert problem={problem} />
  if (!plan) return <Loading what="who gets the offer" />
  const start = newDefinition()
  const audience = { ...start.audience, ...plan.audience } as Audience
  return <CampaignForm start={{ ...start, audience }} version={0} hasRun={false} />
}

import Alert from '@cloudscape-design/components/alert'
import Link from '@cloudscape-design/components/link'
import type { CampaignTargets } from '../../../api/schema'
import { useGet } from '../../../api/use-get'
import { hrefOf } from '../../../app/route'

const LONGEST_NAME = 48

/** The segment set that an offer of a campaign is saved as. */
const setNameOf = (campaign: string): string => `offer_${campaign.replaceAll('-', '_')}`.slice(0, LONGEST_NAME)

/** Warns where runs still label customers by groups that are no longer published. */
export function StaleSet({ targets: { campaign, decision } }: { targets: CampaignTargets }) {
  const sets = useGet('/v1/segment-sets', {})
  const name = setNameOf(campaign)
  const isUsed = sets.state === 'ready' && sets.data.items.some((one) => one.name === name && one.in_use)
  if (decision === 'publish' || !isUsed) return null
  return (
    <Alert type="warning" header={`The segment set ${name} is still in use`}>
      Its groups were learnt earlier, and the results no longer support them. Take it out of use:{' '}
      <Link href={hrefOf(['builder', name])}>open the set</Link>.
    </Alert>
  )
}

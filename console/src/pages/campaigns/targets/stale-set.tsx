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
  const used = sets.state === 'ready' ? sets.data.items.find((one) => one.name === name && one.in_use) : undefined
  if (decision === 'publish' || !used) return null
  return (
    <Alert type="warning" header={`The segment set ${name} is still in use`}>
      {used.warning || 'Its groups were learnt earlier, and the results no longer support them. Take it out of use.'}{' '}
      <Link href={hrefOf(['builder', name])}>Open the set</Link>
    </Alert>
  )
}

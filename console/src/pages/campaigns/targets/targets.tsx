import Box from '@cloudscape-design/components/box'
import Container from '@cloudscape-design/components/container'
import Header from '@cloudscape-design/components/header'
import KeyValuePairs from '@cloudscape-design/components/key-value-pairs'
import SpaceBetween from '@cloudscape-design/components/space-between'
import StatusIndicator, { type StatusIndicatorProps } from '@cloudscape-design/components/status-indicator'
import type { CampaignTargets } from '../../../api/schema'
import { useGet } from '../../../api/use-get'
import { ABSENT, count, gain, money } from '../../../format/figures'
import { day } from '../../../format/moments'
import { Interval } from '../../../parts/interval'
import { Empty } from '../../../states/empty'
import { Loaded } from '../../../states/loaded'
import { Simulated } from '../simulated'
import { GainCurve } from './gain-curve'
import { GroupTable } from './group-table'
import { Offer } from './offer/offer'
import { RankingTable } from './ranking-table'
import { StaleSet } from './stale-set'

const NOT_FOUND = 404

/** Who reacts to a campaign, whether that may be used, and an offer that is planned by it. */
export function Targets({ campaign, currency }: { campaign: string; currency: string }) {
  const query = useGet('/v1/campaigns/{campaign_id}/targets', { campaign_id: campaign })
  return (
    <>
      <Container
        header={
          <Header variant="h2" description="Some people buy because of a message. Others buy anyway, or not at all.">
            Who to write to next
          </Header>
        }
      >
        {query.state === 'refused' && query.problem.status === NOT_FOUND ? (
          <Empty title="Not known yet">{query.problem.detail}</Empty>
        ) : (
          <Loaded query={query} what="who reacts">
            {(targets) => <Learnt targets={targets} currency={currency} />}
          </Loaded>
        )}
      </Container>
      {query.state === 'ready' && !query.data.is_mismatch && <Offer campaign={campaign} targets={query.data} currency={currency} />}
    </>
  )
}

function Learnt({ targets, currency }: { targets: CampaignTargets; currency: string }) {
  const { simulated, reason, groups = [], curve = [], rankings = [] } = targets
  const verdict = verdictOf(targets)
  return (
    <SpaceBetween size="m">
      {simulated && <Simulated />}
      <StaleSet targets={targets} />
      <SpaceBetween size="xs">
        <Box fontSize="heading-m">
          <StatusIndicator type={verdict.type}>{verdict.title}</StatusIndicator>
        </Box>
        <Box>{reason}</Box>
        {verdict.policy && <Box>{verdict.policy}</Box>}
      </SpaceBetween>
      <Facts targets={targets} currency={currency} />
      {groups.length > 0 && <GroupTable groups={groups} currency={currency} />}
      {rankings.length > 0 && <RankingTable rankings={rankings} currency={currency} />}
      {curve.length > 0 && <GainCurve points={curve} currency={currency} />}
    </SpaceBetween>
  )
}

interface Verdict {
  type: StatusIndicatorProps.Type
  title: string
  policy: string
}

function verdictOf({ decision, is_mismatch: isMismatch }: CampaignTargets): Verdict {
  if (isMismatch) return { type: 'warning', title: 'Nothing can be learnt', policy: '' }
  if (decision === 'publish')
    return {
      type: 'success',
      title: 'Some groups react more, and this can be used',
      policy: 'Give a group an offer where the margin that it is expected to add is above its cost. Plan it below.',
    }
  return {
    type: 'info',
    title: 'Withheld: no group is surely worth more',
    policy: 'Write to everybody where the average is worth its cost, or to nobody. Keep a holdout in both cases.',
  }
}

function Facts({ targets, currency }: { targets: CampaignTargets; currency: string }) {
  const { people, held_out: heldOut, omitted = 0, limit, as_of: asOf, average, average_low: low, average_high: high } = targets
  return (
    <KeyValuePairs
      columns={4}
      minColumnWidth={180}
      items={[
        {
          label: 'Extra revenue for each person written to',
          value: typeof average === 'number' ? <Interval value={gain(average, currency)} low={gain(low, currency)} high={gain(high, currency)} /> : ABSENT,
        },
        { label: 'Learnt from', value: `${count(people)} people, of which ${count(heldOut)} were held out` },
        { label: 'Not counted', value: omitted > 0 ? `${count(omitted)} people: no customers, or their profiles are gone` : 'Nobody' },
        { label: 'Purchases known until', value: limit ? `${day(asOf)}. More than ${money(limit, currency)} of one person counts as that.` : day(asOf) },
      ]}
    />
  )
}

import Alert from '@cloudscape-design/components/alert'
import Box from '@cloudscape-design/components/box'
import Container from '@cloudscape-design/components/container'
import Header from '@cloudscape-design/components/header'
import SpaceBetween from '@cloudscape-design/components/space-between'
import type { CampaignEngagement } from '../../../api/schema'
import { useGet } from '../../../api/use-get'
import { count } from '../../../format/figures'
import { moment } from '../../../format/moments'
import { Empty } from '../../../states/empty'
import { Loaded } from '../../../states/loaded'
import { ChanceCalibration } from './chance-calibration'
import { ChanceTable } from './chance-table'
import { Hours } from './hours'

const NOT_FOUND = 404

/** How people react to a campaign's messages: their chances, and their hours. */
export function Engagement({ campaign }: { campaign: string }) {
  const query = useGet('/v1/campaigns/{campaign_id}/engagement', { campaign_id: campaign })
  return (
    <Container
      header={
        <Header variant="h2" description="Do people differ in how often they open, click and unsubscribe, and at which hour?">
          Who reads, and when
        </Header>
      }
    >
      {query.state === 'refused' && query.problem.status === NOT_FOUND ? (
        <Empty title="Not known yet">{query.problem.detail}</Empty>
      ) : (
        <Loaded query={query} what="how people react">
          {(engagement) => <Learnt engagement={engagement} />}
        </Loaded>
      )}
    </Container>
  )
}

function Learnt({ engagement: { chances, hours, messages, measured_at: measuredAt, notes } }: { engagement: CampaignEngagement }) {
  return (
    <SpaceBetween size="m">
      <Box color="text-body-secondary">
        {count(messages)} messages were delivered until {moment(measuredAt)}. Each figure is judged on the latest message of everybody with two.
      </Box>
      {notes.map((note) => (
        <Alert key={note} type="info">
          {note}
        </Alert>
      ))}
      <ChanceTable chances={chances} />
      {chances.map((one) => (one.groups && one.groups.length > 0 ? <ChanceCalibration key={one.reaction} chance={one} /> : null))}
      <Hours hours={hours} />
    </SpaceBetween>
  )
}

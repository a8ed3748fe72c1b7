import Alert from '@cloudscape-design/components/alert'
import Container from '@cloudscape-design/components/container'
import Header from '@cloudscape-design/components/header'
import KeyValuePairs from '@cloudscape-design/components/key-value-pairs'
import SpaceBetween from '@cloudscape-design/components/space-between'
import type { AudienceSummary, CampaignRunDetail } from '../../../api/schema'
import { count } from '../../../format/figures'
import { moment } from '../../../format/moments'
import { CountsTable } from '../counts-table'
import { zoneName } from '../zone-name'
import { PlannedHoursTable } from './planned-hours'

/** Who a run takes and when it may send, frozen when it was planned. */
export function Plan({ run, audience }: { run: CampaignRunDetail; audience: AudienceSummary }) {
  return (
    <Container header={<Header variant="h2" description={`Planned on ${moment(run.planned_at)}. It does not change any more.`}>Plan</Header>}>
      <SpaceBetween size="m">
        {audience.note && <Alert type="warning">{audience.note}</Alert>}
        {run.notes.map((note) => (
          <Alert key={note} type="info">
            {note}
          </Alert>
        ))}
        <CountsTable audience={audience} />
        <Times run={run} />
        {run.hours && <PlannedHoursTable hours={run.hours} />}
      </SpaceBetween>
    </Container>
  )
}

function Times({ run }: { run: CampaignRunDetail }) {
  return (
    <KeyValuePairs
      columns={4}
      minColumnWidth={150}
      items={[
        { label: 'First message leaves', value: moment(run.starts_at) },
        { label: 'Never begins after', value: moment(run.latest_start) },
        { label: 'Ends by', value: moment(run.deadline) },
        { label: 'These times are in', value: `Your own time zone, ${zoneName()}` },
        { label: 'Without a known time zone', value: `${count(run.zone_unknown)} people. The shop's clock counts for them.` },
      ]}
    />
  )
}

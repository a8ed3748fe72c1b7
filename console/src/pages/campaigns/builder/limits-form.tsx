import Checkbox from '@cloudscape-design/components/checkbox'
import ColumnLayout from '@cloudscape-design/components/column-layout'
import Container from '@cloudscape-design/components/container'
import Header from '@cloudscape-design/components/header'
import SpaceBetween from '@cloudscape-design/components/space-between'
import type { Definition } from '../definition'
import { HoursInput } from './hours-input'
import { NumberInput } from './number-input'

const NIGHT = { from: '21:00', until: '08:00' }
const ONE_A_WEEK = { messages: 1, days: 7 }

interface Props {
  definition: Definition
  onChange: (definition: Definition) => void
}

/** Limits of this campaign, beside those of the shop. */
export function LimitsForm({ definition, onChange }: Props) {
  const { cap, quiet_hours: quiet } = definition
  return (
    <Container
      header={
        <Header variant="h2" description="The shop's own cap and quiet hours always hold. These can only be stricter.">
          5. Limits
        </Header>
      }
    >
      <SpaceBetween size="m">
        <Checkbox checked={cap !== null} onChange={({ detail }) => onChange({ ...definition, cap: detail.checked ? ONE_A_WEEK : null })}>
          Another frequency cap
        </Checkbox>
        {cap && (
          <ColumnLayout columns={2} minColumnWidth={200}>
            <NumberInput
              title="At most"
              value={cap.messages}
              least={1}
              most={1000}
              unit="Messages of all campaigns"
              onChange={(messages) => onChange({ ...definition, cap: { ...cap, messages } })}
            />
            <NumberInput
              title="Within"
              value={cap.days}
              least={1}
              most={400}
              unit="Days"
              onChange={(days) => onChange({ ...definition, cap: { ...cap, days } })}
            />
          </ColumnLayout>
        )}
        <Checkbox
          checked={quiet !== null}
          onChange={({ detail }) => onChange({ ...definition, quiet_hours: detail.checked ? NIGHT : null })}
        >
          Other quiet hours
        </Checkbox>
        {quiet && (
          <HoursInput
            title="Quiet hours"
            description="Nothing leaves in these hours of the customer's day."
            hours={quiet}
            onChange={(quiet_hours) => onChange({ ...definition, quiet_hours })}
          />
        )}
      </SpaceBetween>
    </Container>
  )
}

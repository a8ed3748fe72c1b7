import Checkbox from '@cloudscape-design/components/checkbox'
import ColumnLayout from '@cloudscape-design/components/column-layout'
import Container from '@cloudscape-design/components/container'
import ExpandableSection from '@cloudscape-design/components/expandable-section'
import FormField from '@cloudscape-design/components/form-field'
import Header from '@cloudscape-design/components/header'
import RadioGroup from '@cloudscape-design/components/radio-group'
import SpaceBetween from '@cloudscape-design/components/space-between'
import type { Definition, Schedule } from '../definition'
import type { Labels } from '../labels'
import { DayInput } from './day-input'
import { HoursInput } from './hours-input'
import { NumberInput } from './number-input'
import { TriggerForm } from './trigger-form'

interface Props {
  definition: Definition
  labels: Labels
  onChange: (definition: Definition) => void
}

const LEAST_AGAIN_DAYS = 30

const KINDS = [
  { value: 'once', label: 'Once', description: 'Everybody in the audience on that day.' },
  { value: 'daily', label: 'Every day', description: 'Each day those who have newly entered the audience.' },
]
const ZONES = [
  { value: 'customer', label: "The customer's", description: "Where a customer's zone is not known, the shop's is used." },
  { value: 'shop', label: "The shop's", description: 'All messages leave within the same hours.' },
]

/** When it leaves: the days, the hours, and whose clock counts. */
export function ScheduleForm({ definition, labels, onChange }: Props) {
  const { schedule } = definition
  const set = (changed: Partial<Schedule>) => onChange({ ...definition, schedule: { ...schedule, ...changed } })
  const isDaily = schedule.kind === 'daily'
  return (
    <Container header={<Header variant="h2" description="Nothing leaves before a person has approved it.">3. When it leaves</Header>}>
      <SpaceBetween size="m">
        <FormField label="How often">
          <RadioGroup
            value={schedule.kind}
            items={KINDS}
            onChange={({ detail }) => onChange(withKind(definition, detail.value as Schedule['kind']))}
          />
        </FormField>
        <ColumnLayout columns={2} minColumnWidth={200}>
          <DayInput
            title={isDaily ? 'First day' : 'Day'}
            description="In the shop's time zone."
            value={schedule.first_day}
            onChange={(first_day) => set({ first_day })}
          />
          {isDaily && (
            <DayInput
              title="Last day"
              description="Empty for no end."
              value={schedule.last_day ?? ''}
              onChange={(day) => set({ last_day: day || null })}
            />
          )}
        </ColumnLayout>
        <HoursInput
          title="Hours"
          description="Messages leave within these hours alone."
          hours={schedule.hours}
          onChange={(hours) => set({ hours })}
        />
        <FormField label="Whose clock counts">
          <RadioGroup value={schedule.zone} items={ZONES} onChange={({ detail }) => set({ zone: detail.value as Schedule['zone'] })} />
        </FormField>
        {definition.channel.kind !== 'audience' && (
          <FormField label="Within these hours">
            <RadioGroup value={schedule.send_at} items={SEND_AT} onChange={({ detail }) => set({ send_at: detail.value as Schedule['send_at'] })} />
          </FormField>
        )}
        {isDaily && <Daily definition={definition} labels={labels} onChange={onChange} />}
        <Deadlines schedule={schedule} onChange={set} />
      </SpaceBetween>
    </Container>
  )
}

const SEND_AT = [
  { value: 'hours', label: 'From the first hour on' },
  {
    value: 'best_hour',
    label: "From each person's best hour on",
    description: 'As clicks on earlier e-mails show it. Where they prove nothing, and outside of the hours, the first hour counts.',
  },
]

function Daily({ definition, labels, onChange }: Props) {
  const { schedule, trigger } = definition
  return (
    <>
      <TriggerForm trigger={trigger} labels={labels} onChange={(changed) => onChange({ ...definition, trigger: changed })} />
      <Checkbox
        checked={schedule.include_present}
        description="Otherwise the first day writes only to those who enter on that day."
        onChange={({ detail }) => onChange({ ...definition, schedule: { ...schedule, include_present: detail.checked } })}
      >
        The first day also writes to those who are in the audience already
      </Checkbox>
      <NumberInput
        title="Not again within"
        description="A customer who enters again in this time gets nothing."
        value={definition.again_after_days}
        least={1}
        most={3650}
        unit="Days"
        onChange={(again_after_days) => onChange({ ...definition, again_after_days })}
      />
    </>
  )
}

function Deadlines({ schedule, onChange }: { schedule: Schedule; onChange: (changed: Partial<Schedule>) => void }) {
  return (
    <ExpandableSection headerText="Deadlines" headingTagOverride="h3">
      <ColumnLayout columns={2} minColumnWidth={200}>
        <NumberInput
          title="Begin within"
          description="A run that has not begun by then never begins."
          value={schedule.start_within_hours}
          least={1}
          most={720}
          unit="Hours"
          onChange={(start_within_hours) => onChange({ start_within_hours })}
        />
        <NumberInput
          title="Finish within"
          description="What is not sent by then is not sent."
          value={schedule.finish_within_hours}
          least={1}
          most={720}
          unit="Hours"
          onChange={(finish_within_hours) => onChange({ finish_within_hours })}
        />
      </ColumnLayout>
    </ExpandableSection>
  )
}

/** Another kind keeps what it can have: a trigger and the people present belong to a daily one. */
function withKind(definition: Definition, kind: Schedule['kind']): Definition {
  const schedule = { ...definition.schedule, kind }
  if (kind === 'daily') {
    return { ...definition, schedule, again_after_days: definition.again_after_days || LEAST_AGAIN_DAYS }
  }
  return { ...definition, schedule: { ...schedule, last_day: null, include_present: false }, trigger: null, again_after_days: 0 }
}

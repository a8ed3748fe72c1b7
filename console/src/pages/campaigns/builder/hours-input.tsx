import FormField from '@cloudscape-design/components/form-field'
import SpaceBetween from '@cloudscape-design/components/space-between'
import TimeInput from '@cloudscape-design/components/time-input'
import type { DayHours } from '../definition'

interface Props {
  title: string
  description: string
  hours: DayHours
  onChange: (hours: DayHours) => void
}

/** Hours of every day, by the clock. */
export function HoursInput({ title, description, hours, onChange }: Props) {
  const field = (name: 'from' | 'until', words: string) => (
    <TimeInput
      format="hh:mm"
      placeholder="hh:mm"
      ariaLabel={`${title}, ${words}`}
      value={hours[name]}
      onChange={({ detail }) => onChange({ ...hours, [name]: detail.value })}
    />
  )
  return (
    <FormField label={title} description={description}>
      <SpaceBetween size="xs" direction="horizontal" alignItems="center">
        {field('from', 'from')}
        <span>until</span>
        {field('until', 'until')}
      </SpaceBetween>
    </FormField>
  )
}

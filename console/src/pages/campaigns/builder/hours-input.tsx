import ColumnLayout from '@cloudscape-design/components/column-layout'
import FormField from '@cloudscape-design/components/form-field'
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
  return (
    <ColumnLayout columns={2} minColumnWidth={200}>
      {(['from', 'until'] as const).map((end) => (
        <FormField key={end} label={`${title}, ${end}`} description={description}>
          <TimeInput
            format="hh:mm"
            placeholder="hh:mm"
            value={hours[end]}
            onChange={({ detail }) => onChange({ ...hours, [end]: detail.value })}
          />
        </FormField>
      ))}
    </ColumnLayout>
  )
}

import DatePicker from '@cloudscape-design/components/date-picker'
import FormField from '@cloudscape-design/components/form-field'

interface Props {
  title: string
  description?: string
  value: string
  placeholder?: string
  onChange: (day: string) => void
}

/** A calendar day. */
export function DayInput({ title, description, value, placeholder = 'YYYY-MM-DD', onChange }: Props) {
  return (
    <FormField label={title} description={description}>
      <DatePicker
        value={value}
        format="iso"
        placeholder={placeholder}
        openCalendarAriaLabel={(day) => (day ? `${title}: choose another day than ${day}` : `${title}: choose a day`)}
        nextMonthAriaLabel="Next month"
        previousMonthAriaLabel="Previous month"
        todayAriaLabel="Today"
        onChange={({ detail }) => onChange(detail.value)}
      />
    </FormField>
  )
}

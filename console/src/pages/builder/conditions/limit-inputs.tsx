import DatePicker from '@cloudscape-design/components/date-picker'
import FormField from '@cloudscape-design/components/form-field'
import Input from '@cloudscape-design/components/input'
import type { NumberCondition } from './condition'

type Limit = 'from' | 'below'
type Kind = 'number' | 'day'

const WORDS: Readonly<Record<Kind, Readonly<Record<Limit, string>>>> = {
  number: { from: 'From', below: 'Below' },
  day: { from: 'From the day', below: 'Before the day' },
}

interface Props {
  kind: Kind
  condition: NumberCondition
  onChange: (condition: NumberCondition) => void
}

/** Where a number or a day begins and ends. An empty field is no limit. */
export function LimitInputs({ kind, condition, onChange }: Props) {
  return (
    <>
      {(['from', 'below'] as const).map((limit) => {
        const value = String(condition[limit] ?? '')
        const change = (text: string) => onChange(withLimit(condition, limit, text, kind))
        return (
          <FormField key={limit} label={WORDS[kind][limit]}>
            {kind === 'day' ? (
              <DatePicker
                value={value}
                format="iso"
                placeholder="YYYY-MM-DD"
                openCalendarAriaLabel={(day) => (day ? `Choose another day than ${day}` : 'Choose a day')}
                nextMonthAriaLabel="Next month"
                previousMonthAriaLabel="Previous month"
                todayAriaLabel="Today"
                onChange={({ detail }) => change(detail.value)}
              />
            ) : (
              <Input
                type="number"
                placeholder="No limit"
                step="any"
                value={value}
                onChange={({ detail }) => change(detail.value)}
              />
            )}
          </FormField>
        )
      })}
    </>
  )
}

function withLimit(condition: NumberCondition, limit: Limit, text: string, kind: Kind): NumberCondition {
  const { [limit]: _, ...others } = condition
  if (text === '') return others
  return { ...others, [limit]: kind === 'day' ? text : Number(text) }
}

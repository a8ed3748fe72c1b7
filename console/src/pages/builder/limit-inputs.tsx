import FormField from '@cloudscape-design/components/form-field'
import Input from '@cloudscape-design/components/input'
import type { NumberCondition } from './definition'

type Limit = 'from' | 'below'

const WORDS: Readonly<Record<Limit, string>> = { from: 'From', below: 'Below' }

interface Props {
  kind: 'number' | 'day'
  condition: NumberCondition
  onChange: (condition: NumberCondition) => void
}

/** Where a number or a day begins and ends. An empty field is no limit. */
export function LimitInputs({ kind, condition, onChange }: Props) {
  return (
    <>
      {(['from', 'below'] as const).map((limit) => (
        <FormField key={limit} label={WORDS[limit]}>
          <Input
            type={kind === 'day' ? 'text' : 'number'}
            placeholder={kind === 'day' ? 'YYYY-MM-DD' : 'No limit'}
            step="any"
            value={String(condition[limit] ?? '')}
            onChange={({ detail }) => onChange(withLimit(condition, limit, detail.value, kind))}
          />
        </FormField>
      ))}
    </>
  )
}

function withLimit(condition: NumberCondition, limit: Limit, text: string, kind: Props['kind']): NumberCondition {
  const { [limit]: _, ...others } = condition
  if (text === '') return others
  return { ...others, [limit]: kind === 'day' ? text : Number(text) }
}

import FormField from '@cloudscape-design/components/form-field'
import Select from '@cloudscape-design/components/select'
import { kindOf } from './columns'
import { amongOf, isListed, isOfSet, valuesOf, withValues, type Among, type Leaf } from './condition'

const RANGE = { value: 'range', label: 'is between' }
const LISTS = [
  { value: 'in', label: 'is one of' },
  { value: 'not_in', label: 'is none of' },
]

interface Props {
  condition: Leaf
  onChange: (condition: Leaf) => void
}

/** How a value is compared. Days have limits alone, texts have lists alone, numbers have both. */
export function HowSelect({ condition, onChange }: Props) {
  const kind = isOfSet(condition) ? 'text' : kindOf(condition.column)
  const options = { number: [RANGE, ...LISTS], day: [RANGE], text: LISTS }[kind]
  const chosen = isListed(condition) ? amongOf(condition) : 'range'
  return (
    <FormField label="How">
      <Select
        selectedOption={options.find((option) => option.value === chosen) ?? RANGE}
        options={options}
        onChange={({ detail }) => onChange(changed(condition, detail.selectedOption.value ?? chosen))}
      />
    </FormField>
  )
}

function changed(condition: Leaf, how: string): Leaf {
  if (isListed(condition)) {
    if (how !== 'range') return withValues(condition, how as Among, valuesOf(condition))
    return isOfSet(condition) ? condition : { column: condition.column, from: Number(valuesOf(condition)[0] ?? 0) }
  }
  if (how === 'range' || isOfSet(condition)) return condition
  const { from } = condition
  return { column: condition.column, [how]: typeof from === 'number' ? [from] : [] } as Leaf
}

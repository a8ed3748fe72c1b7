import FormField from '@cloudscape-design/components/form-field'
import Multiselect from '@cloudscape-design/components/multiselect'
import Select from '@cloudscape-design/components/select'
import { GAP_STATES } from './columns'
import type { TextCondition } from './definition'

const AMONG = { value: 'in', label: 'is one of' }
const NOT_AMONG = { value: 'not_in', label: 'is none of' }

interface Props {
  condition: TextCondition
  segments: readonly string[]
  onChange: (condition: TextCondition) => void
}

/** Which texts a cell must have, or must not have. */
export function TextInputs({ condition, segments, onChange }: Props) {
  const isAmong = condition.not_in === undefined
  const chosen = (isAmong ? condition.in : condition.not_in) ?? []
  const known = condition.column === 'segment' ? segments : GAP_STATES
  const change = (among: boolean, texts: readonly string[]) =>
    onChange({ column: condition.column, ...(among ? { in: texts } : { not_in: texts }) })
  const optionOf = (text: string) => ({ value: text, label: text.replaceAll('_', ' ') })
  return (
    <>
      <FormField label="How">
        <Select
          selectedOption={isAmong ? AMONG : NOT_AMONG}
          options={[AMONG, NOT_AMONG]}
          onChange={({ detail }) => change(detail.selectedOption.value === 'in', chosen)}
        />
      </FormField>
      <FormField label="Values">
        <Multiselect
          selectedOptions={chosen.map(optionOf)}
          options={[...new Set([...known, ...chosen])].map(optionOf)}
          placeholder="Choose"
          deselectAriaLabel={(option) => `Remove ${option.label ?? ''}`}
          onChange={({ detail }) => change(isAmong, detail.selectedOptions.map((option) => option.value ?? ''))}
        />
      </FormField>
    </>
  )
}

import FormField from '@cloudscape-design/components/form-field'
import Multiselect from '@cloudscape-design/components/multiselect'

interface Props {
  title: string
  description?: string
  /** All labels of the set. */
  labels: readonly string[]
  chosen: readonly string[]
  /** What no choice means. */
  placeholder: string
  onChange: (labels: readonly string[]) => void
}

/** Chooses labels of a set. A chosen label that the latest run does not have stays in the list. */
export function LabelSelect({ title, description, labels, chosen, placeholder, onChange }: Props) {
  const optionOf = (label: string) => ({ value: label, label })
  return (
    <FormField label={title} description={description}>
      <Multiselect
        selectedOptions={chosen.map(optionOf)}
        options={[...new Set([...labels, ...chosen])].map(optionOf)}
        placeholder={placeholder}
        empty="The latest run has no labels of this set"
        deselectAriaLabel={(option) => `Remove ${option.label ?? ''}`}
        onChange={({ detail }) => onChange(detail.selectedOptions.map((option) => option.value ?? ''))}
      />
    </FormField>
  )
}

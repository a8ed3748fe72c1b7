import FormField from '@cloudscape-design/components/form-field'
import Select from '@cloudscape-design/components/select'

interface Props {
  labels: readonly string[]
  place: number
  onChange: (place: number) => void
}

/** The label that a range or a text gives, by its place. */
export function LabelSelect({ labels, place, onChange }: Props) {
  const options = labels.map((label, at) => ({ value: String(at), label: label || `Label ${at + 1}` }))
  return (
    <FormField label="Gives the label">
      <Select
        selectedOption={options[place] ?? null}
        options={options}
        onChange={({ detail }) => onChange(Number(detail.selectedOption.value))}
      />
    </FormField>
  )
}

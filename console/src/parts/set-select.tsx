import FormField from '@cloudscape-design/components/form-field'
import Select from '@cloudscape-design/components/select'
import { setNames, setTitle } from './set-names'

interface Props {
  /** The sets to choose from, by name. */
  sets: Readonly<Record<string, unknown>>
  set: string
  onChange: (set: string) => void
}

/** Chooses a segment set. */
export function SetSelect({ sets, set, onChange }: Props) {
  const options = setNames(sets).map((value) => ({ value, label: setTitle(value) }))
  return (
    <FormField label="Segment set">
      <Select
        options={options}
        selectedOption={options.find(({ value }) => value === set) ?? null}
        onChange={({ detail }) => onChange(detail.selectedOption.value ?? set)}
      />
    </FormField>
  )
}

import ColumnLayout from '@cloudscape-design/components/column-layout'
import FormField from '@cloudscape-design/components/form-field'
import Input from '@cloudscape-design/components/input'
import type { Texts } from './definition'

interface Field {
  name: keyof Texts
  title: string
}

const FIELDS: readonly Field[] = [
  { name: 'label', title: 'Label' },
  { name: 'meaning', title: 'Who has it' },
  { name: 'action', title: 'What to do with them' },
]

interface Props {
  texts: Texts
  onChange: (texts: Texts) => void
}

/** A label's name, meaning and action. */
export function TextFields({ texts, onChange }: Props) {
  const { label, meaning, action } = texts
  return (
    <ColumnLayout columns={3} minColumnWidth={200}>
      {FIELDS.map(({ name, title }) => (
        <FormField key={name} label={title}>
          <Input value={texts[name]} onChange={({ detail }) => onChange({ label, meaning, action, [name]: detail.value })} />
        </FormField>
      ))}
    </ColumnLayout>
  )
}

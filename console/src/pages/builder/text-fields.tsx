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

interface Props<Own extends Texts> {
  texts: Own
  onChange: (texts: Own) => void
}

/** A label's name, meaning and action. */
export function TextFields<Own extends Texts>({ texts, onChange }: Props<Own>) {
  return (
    <ColumnLayout columns={3} minColumnWidth={200}>
      {FIELDS.map(({ name, title }) => (
        <FormField key={name} label={title}>
          <Input value={texts[name]} onChange={({ detail }) => onChange({ ...texts, [name]: detail.value })} />
        </FormField>
      ))}
    </ColumnLayout>
  )
}

import ColumnLayout from '@cloudscape-design/components/column-layout'
import FormField from '@cloudscape-design/components/form-field'
import Input from '@cloudscape-design/components/input'
import Textarea from '@cloudscape-design/components/textarea'
import type { Texts } from './definition'

interface Field {
  name: keyof Texts
  title: string
}

const SENTENCES: readonly Field[] = [
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
      <FormField label="Label">
        <Input value={texts.label} onChange={({ detail }) => onChange({ ...texts, label: detail.value })} />
      </FormField>
      {SENTENCES.map(({ name, title }) => (
        <FormField key={name} label={title}>
          <Textarea rows={2} value={texts[name]} onChange={({ detail }) => onChange({ ...texts, [name]: detail.value })} />
        </FormField>
      ))}
    </ColumnLayout>
  )
}

import Container from '@cloudscape-design/components/container'
import ColumnLayout from '@cloudscape-design/components/column-layout'
import FormField from '@cloudscape-design/components/form-field'
import Header from '@cloudscape-design/components/header'
import Input from '@cloudscape-design/components/input'
import Select from '@cloudscape-design/components/select'
import { columnWords } from '../../../parts/columns'
import { COLUMN_OPTIONS, kindOf } from '../conditions/columns'
import { SetTexts } from '../set-texts'
import { TextFields } from '../text-fields'
import type { NumberedSet } from './rule-form'

const NUMBERS = COLUMN_OPTIONS.filter(({ value }) => kindOf(value) === 'number')
const TEXTS = [
  { name: 'meaning', title: 'Who has a number' },
  { name: 'action', title: 'What to do with them' },
] as const

interface Props {
  definition: NumberedSet
  onChange: (definition: NumberedSet) => void
}

/** A set whose labels are the whole numbers of a column. */
export function NumberedForm({ definition, onChange }: Props) {
  const numbered = definition.numbered
  const change = (part: Partial<NumberedSet['numbered']>) => onChange({ ...definition, numbered: { ...numbered, ...part } })
  return (
    <>
      <SetTexts set={definition} onChange={onChange} />
      <Container header={<Header variant="h2" description="Each whole number of the column is a label.">The numbers</Header>}>
        <ColumnLayout columns={3} minColumnWidth={200}>
          <FormField label="Column">
            <Select
              filteringType="auto"
              selectedOption={{ value: numbered.column, label: columnWords(numbered.column) }}
              options={NUMBERS}
              onChange={({ detail }) => change({ column: detail.selectedOption.value ?? numbered.column })}
            />
          </FormField>
          <FormField label="First number">
            <Input type="number" value={String(numbered.first)} onChange={({ detail }) => change({ first: Number(detail.value) })} />
          </FormField>
          <FormField label="Last number">
            <Input type="number" value={String(numbered.last)} onChange={({ detail }) => change({ last: Number(detail.value) })} />
          </FormField>
          {TEXTS.map(({ name, title }) => (
            <FormField key={name} label={title}>
              <Input value={numbered[name]} onChange={({ detail }) => change({ [name]: detail.value })} />
            </FormField>
          ))}
        </ColumnLayout>
      </Container>
      <Container header={<Header variant="h2" description="Customers whose value is empty.">Without a number</Header>}>
        <TextFields texts={definition.empty} onChange={(empty) => onChange({ ...definition, empty })} />
      </Container>
    </>
  )
}

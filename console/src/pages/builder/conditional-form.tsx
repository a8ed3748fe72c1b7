import Button from '@cloudscape-design/components/button'
import ColumnLayout from '@cloudscape-design/components/column-layout'
import Container from '@cloudscape-design/components/container'
import FormField from '@cloudscape-design/components/form-field'
import Header from '@cloudscape-design/components/header'
import Input from '@cloudscape-design/components/input'
import { newLabel, type ConditionalSet, type Label } from './definition'
import { LabelEditor } from './label-editor'
import { TextFields } from './text-fields'

interface Props {
  definition: ConditionalSet
  segments: readonly string[]
  onChange: (definition: ConditionalSet) => void
}

/** A set by conditions: its texts, its labels in order, and the label of everybody else. */
export function ConditionalForm({ definition, segments, onChange }: Props) {
  const labels = definition.label
  const withLabels = (label: readonly Label[]) => onChange({ ...definition, label })
  return (
    <>
      <Container header={<Header variant="h2">The set</Header>}>
        <ColumnLayout columns={2} minColumnWidth={240}>
          <FormField label="Name" description="It stands before each label: Attention Call.">
            <Input value={definition.prefix} onChange={({ detail }) => onChange({ ...definition, prefix: detail.value })} />
          </FormField>
          <FormField label="What it is about" description="One sentence for those who read the report.">
            <Input value={definition.meaning} onChange={({ detail }) => onChange({ ...definition, meaning: detail.value })} />
          </FormField>
        </ColumnLayout>
      </Container>
      {labels.map((label, place) => (
        <LabelEditor
          key={place}
          label={label}
          place={place + 1}
          segments={segments}
          onChange={(changed) => withLabels(labels.with(place, changed))}
          onRemove={labels.length > 1 ? () => withLabels(labels.toSpliced(place, 1)) : undefined}
        />
      ))}
      <div>
        <Button iconName="add-plus" onClick={() => withLabels([...labels, newLabel(labels.length + 1)])}>
          Add a label
        </Button>
      </div>
      <Container header={<Header variant="h2" description="Customers who meet no condition above.">Everybody else</Header>}>
        <TextFields texts={definition.otherwise} onChange={(otherwise) => onChange({ ...definition, otherwise })} />
      </Container>
    </>
  )
}

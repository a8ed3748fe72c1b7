import Button from '@cloudscape-design/components/button'
import ColumnLayout from '@cloudscape-design/components/column-layout'
import Container from '@cloudscape-design/components/container'
import FormField from '@cloudscape-design/components/form-field'
import Header from '@cloudscape-design/components/header'
import RadioGroup from '@cloudscape-design/components/radio-group'
import Select from '@cloudscape-design/components/select'
import SpaceBetween from '@cloudscape-design/components/space-between'
import { useGet } from '../../../api/use-get'
import { Loaded } from '../../../states/loaded'
import { asGroup, newLeaf, type Condition } from '../../builder/conditions/condition'
import { GroupEditor } from '../../builder/conditions/group-editor'
import type { Audience } from '../definition'
import type { Labels } from '../labels'
import { LabelSelect } from './label-select'

interface Props {
  audience: Audience
  labels: Labels
  onChange: (audience: Audience) => void
}

const EVERYBODY: Audience = { segments: [], churn_bands: [], value_tiers: [], conditions: null, receivers: null }
const BY_LIST = [
  { value: 'customers', label: 'Customers', description: 'By segment, churn risk, value and conditions.' },
  { value: 'receivers', label: 'An uploaded list', description: 'The addresses of a file, with the fields in its columns.' },
]

/** Who gets the campaign: customers by their labels, or a list. */
export function AudienceForm(props: Props) {
  return (
    <Container header={<Header variant="h2" description="Choices of one kind are joined by or, kinds by and.">1. Who gets it</Header>}>
      <AudienceFields {...props} />
    </Container>
  )
}

export function AudienceFields({ audience, labels, onChange }: Props) {
  const byList = audience.receivers !== null
  return (
    <SpaceBetween size="m">
      <RadioGroup
        ariaLabel="Who gets it"
        value={byList ? 'receivers' : 'customers'}
        items={BY_LIST}
        onChange={({ detail }) => onChange({ ...EVERYBODY, receivers: detail.value === 'receivers' ? '' : null })}
      />
      {byList ? (
        <ListSelect chosen={audience.receivers ?? ''} onChange={(receivers) => onChange({ ...audience, receivers })} />
      ) : (
        <ByLabels audience={audience} labels={labels} onChange={onChange} />
      )}
    </SpaceBetween>
  )
}

function ByLabels({ audience, labels, onChange }: Props) {
  return (
    <>
      <ColumnLayout columns={3} minColumnWidth={200}>
        <LabelSelect
          title="Segments"
          labels={labels.segments}
          chosen={audience.segments}
          placeholder="Any segment"
          onChange={(segments) => onChange({ ...audience, segments })}
        />
        <LabelSelect
          title="Churn risk"
          labels={labels.churnBands}
          chosen={audience.churn_bands}
          placeholder="Any churn risk"
          onChange={(churn_bands) => onChange({ ...audience, churn_bands })}
        />
        <LabelSelect
          title="Value"
          labels={labels.valueTiers}
          chosen={audience.value_tiers}
          placeholder="Any value"
          onChange={(value_tiers) => onChange({ ...audience, value_tiers })}
        />
      </ColumnLayout>
      <Conditions conditions={audience.conditions} labels={labels} onChange={(conditions) => onChange({ ...audience, conditions })} />
    </>
  )
}

interface ConditionsProps {
  conditions: Audience['conditions']
  labels: Labels
  onChange: (conditions: Audience['conditions']) => void
}

function Conditions({ conditions, labels, onChange }: ConditionsProps) {
  const change = (condition: Condition) => onChange({ ...condition })
  if (!conditions) {
    return (
      <Button iconName="add-plus" onClick={() => change({ all: [newLeaf()] })}>
        Add conditions
      </Button>
    )
  }
  return (
    <GroupEditor
      group={asGroup(conditions as unknown as Condition)}
      depth={1}
      choices={{ segments: labels.segments, sets: [] }}
      onChange={change}
      onRemove={() => onChange(null)}
    />
  )
}

function ListSelect({ chosen, onChange }: { chosen: string; onChange: (name: string) => void }) {
  const lists = useGet('/v1/receivers', {})
  return (
    <Loaded query={lists} what="the lists">
      {({ items }) => (
        <FormField label="List" description="Upload one on the page Lists of receivers.">
          <Select
            options={items.map(({ name }) => ({ value: name, label: name }))}
            selectedOption={chosen ? { value: chosen, label: chosen } : null}
            placeholder="Choose a list"
            empty="No list was uploaded yet"
            onChange={({ detail }) => onChange(detail.selectedOption.value ?? '')}
          />
        </FormField>
      )}
    </Loaded>
  )
}

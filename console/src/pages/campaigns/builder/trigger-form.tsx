import ColumnLayout from '@cloudscape-design/components/column-layout'
import FormField from '@cloudscape-design/components/form-field'
import Select from '@cloudscape-design/components/select'
import type { Trigger } from '../definition'
import type { Labels } from '../labels'
import { LabelSelect } from './label-select'

const SETS = [
  { value: '', label: 'Entering the audience' },
  { value: 'segment', label: 'A move to another segment' },
  { value: 'churn_band', label: 'A move to another churn risk' },
  { value: 'value_tier', label: 'A move to another value' },
]

interface Props {
  trigger: Trigger | null
  labels: Labels
  onChange: (trigger: Trigger | null) => void
}

/** Which move of a customer starts a message. */
export function TriggerForm({ trigger, labels, onChange }: Props) {
  const chosen = SETS.find(({ value }) => value === (trigger?.set ?? ''))
  const choose = (set: string) => onChange(set ? { set: set as Trigger['set'], into: [], out_of: [] } : null)
  return (
    <ColumnLayout columns={3} minColumnWidth={200}>
      <FormField label="What starts a message">
        <Select options={SETS} selectedOption={chosen ?? null} onChange={({ detail }) => choose(detail.selectedOption.value ?? '')} />
      </FormField>
      {trigger && (
        <LabelSelect
          title="Into"
          labels={labelsOf(trigger, labels)}
          chosen={trigger.into}
          placeholder="Choose"
          onChange={(into) => onChange({ ...trigger, into })}
        />
      )}
      {trigger && (
        <LabelSelect
          title="Out of"
          labels={labelsOf(trigger, labels)}
          chosen={trigger.out_of}
          placeholder="Any other"
          onChange={(out_of) => onChange({ ...trigger, out_of })}
        />
      )}
    </ColumnLayout>
  )
}

function labelsOf({ set }: Trigger, labels: Labels): readonly string[] {
  return { segment: labels.segments, churn_band: labels.churnBands, value_tier: labels.valueTiers }[set]
}

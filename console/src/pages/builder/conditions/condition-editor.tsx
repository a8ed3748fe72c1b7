import Button from '@cloudscape-design/components/button'
import FormField from '@cloudscape-design/components/form-field'
import Select from '@cloudscape-design/components/select'
import type { Choices } from '../choices'
import { emptyLeaf, kindOf, subjectOf, subjectOptions } from './columns'
import { isListed, isOfSet, type Leaf, type NumberCondition } from './condition'
import { HowSelect } from './how-select'
import { LimitInputs } from './limit-inputs'
import { ListInputs } from './list-inputs'

interface Props {
  condition: Leaf
  choices: Choices
  onChange: (condition: Leaf) => void
  onRemove: () => void
}

/** One condition: a column or another set, and what it must be. */
export function ConditionEditor({ condition, choices, onChange, onRemove }: Props) {
  const subject = subjectOf(condition)
  return (
    <div className="condition">
      <FormField label="About">
        <Select
          filteringType="auto"
          selectedOption={subject}
          options={subjectOptions(choices)}
          onChange={({ detail }) => onChange(emptyLeaf(detail.selectedOption.value ?? subject.value))}
        />
      </FormField>
      <HowSelect condition={condition} onChange={onChange} />
      {isListed(condition) ? (
        <ListInputs key={subject.value} condition={condition} choices={choices} onChange={onChange} />
      ) : (
        <LimitInputs kind={isDay(condition) ? 'day' : 'number'} condition={condition as NumberCondition} onChange={onChange} />
      )}
      <Button variant="icon" iconName="close" ariaLabel={`Remove the condition on ${subject.label}`} onClick={onRemove} />
    </div>
  )
}

const isDay = (condition: Leaf): boolean => !isOfSet(condition) && kindOf(condition.column) === 'day'

import Button from '@cloudscape-design/components/button'
import Select from '@cloudscape-design/components/select'
import { COLUMN_OPTIONS, kindOf, type Kind } from './columns'
import type { Leaf, NumberCondition, TextCondition } from './definition'
import { LimitInputs } from './limit-inputs'
import { TextInputs } from './text-inputs'

interface Props {
  condition: Leaf
  segments: readonly string[]
  onChange: (condition: Leaf) => void
  onRemove: () => void
}

/** One condition: a column, and what its value must be. */
export function ConditionEditor({ condition, segments, onChange, onRemove }: Props) {
  const kind = kindOf(condition.column)
  const selected = COLUMN_OPTIONS.find((option) => option.value === condition.column)
  return (
    <div className="condition">
      <Select
        ariaLabel="Column"
        filteringType="auto"
        selectedOption={selected ?? { value: condition.column, label: condition.column }}
        options={COLUMN_OPTIONS}
        onChange={({ detail }) => onChange(emptyOf(detail.selectedOption.value ?? condition.column))}
      />
      {kind === 'text' ? (
        <TextInputs condition={condition as TextCondition} segments={segments} onChange={onChange} />
      ) : (
        <LimitInputs kind={kind} condition={condition as NumberCondition} onChange={onChange} />
      )}
      <Button variant="icon" iconName="close" ariaLabel="Remove the condition" onClick={onRemove} />
    </div>
  )
}

/** A new column begins without limits: those of another one mean nothing for it. */
function emptyOf(column: string): Leaf {
  const starts: Readonly<Record<Kind, Leaf>> = {
    number: { column, from: 0 },
    day: { column, from: new Date().toISOString().slice(0, 10) },
    text: { column, in: [] },
  }
  return starts[kindOf(column)]
}

import FormField from '@cloudscape-design/components/form-field'
import Input from '@cloudscape-design/components/input'
import Multiselect from '@cloudscape-design/components/multiselect'
import { useState } from 'react'
import type { Choices } from '../choices'
import { kindOf, textsOf } from './columns'
import { amongOf, isOfSet, valuesOf, withValues, type LabelCondition, type Leaf, type ListCondition } from './condition'

interface Props {
  condition: ListCondition | LabelCondition
  choices: Choices
  onChange: (condition: Leaf) => void
}

/** Which values a cell must have, or must not have. Those that can be listed are chosen. */
export function ListInputs({ condition, choices, onChange }: Props) {
  const chosen = valuesOf(condition)
  const known = knownOf(condition, choices)
  const change = (values: readonly (string | number)[]) => onChange(withValues(condition, amongOf(condition), values))
  if (known.length === 0) {
    const isNumber = !isOfSet(condition) && kindOf(condition.column) === 'number'
    return <TypedList values={chosen} isNumber={isNumber} onChange={change} />
  }
  const optionOf = (text: string | number) => ({ value: String(text), label: String(text).replaceAll('_', ' ') })
  return (
    <FormField label="Values">
      <Multiselect
        selectedOptions={chosen.map(optionOf)}
        options={[...new Set([...known, ...chosen])].map(optionOf)}
        placeholder="Choose"
        deselectAriaLabel={(option) => `Remove ${option.label ?? ''}`}
        onChange={({ detail }) => change(detail.selectedOptions.map((option) => option.value ?? ''))}
      />
    </FormField>
  )
}

function knownOf(condition: ListCondition | LabelCondition, choices: Choices): readonly string[] {
  if (!isOfSet(condition)) return textsOf(condition.column, choices)
  return choices.sets.find((set) => set.name === condition.set)?.labels ?? []
}

interface TypedProps {
  values: readonly (string | number)[]
  isNumber: boolean
  onChange: (values: readonly (string | number)[]) => void
}

/** Values with commas between. The text stays as it is typed. */
function TypedList({ values, isNumber, onChange }: TypedProps) {
  const [text, setText] = useState(() => values.join(', '))
  const read = (typed: string) => {
    const parts = typed.split(/[,;\s]+/).filter(Boolean)
    return isNumber ? parts.map(Number).filter(Number.isFinite) : parts
  }
  const isTyped = read(text).join() === values.join()
  const edit = (edited: string) => {
    setText(edited)
    onChange(read(edited))
  }
  return (
    <FormField label="Values">
      <Input value={isTyped ? text : values.join(', ')} placeholder={isNumber ? '1, 2, 3' : '555, 554'} onChange={({ detail }) => edit(detail.value)} />
    </FormField>
  )
}

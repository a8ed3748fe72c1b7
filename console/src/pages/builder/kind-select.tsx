import Tiles from '@cloudscape-design/components/tiles'
import type { Choices } from './choices'
import { newCombined } from './combined/combined'
import { newConditional } from './conditions/condition'
import type { Definition } from './definition'
import { kindOf } from './definition-form'
import { newRuled } from './rules/rule-form'

interface Props {
  definition: Definition
  choices: Choices
  onChange: (definition: Definition) => void
}

/** How a new set gives its labels. Another choice begins again. */
export function KindSelect({ definition, choices, onChange }: Props) {
  const [first = 'value_tier', second = 'churn_band'] = choices.sets.map((set) => set.name)
  const starts: Readonly<Record<string, object>> = {
    conditional: newConditional(),
    ruled: newRuled(),
    combined: newCombined(first, second),
  }
  return (
    <Tiles
      ariaLabel="How the set gives its labels"
      value={kindOf(definition) ?? null}
      columns={3}
      items={[
        { value: 'conditional', label: 'By conditions', description: 'Who meets some conditions, over anything known of a customer.' },
        { value: 'ruled', label: 'By the ranges of a column', description: 'Such as order value: big, middle and small.' },
        { value: 'combined', label: 'By two other sets', description: 'Such as high value with a high risk of churn.' },
      ]}
      onChange={({ detail }) => onChange({ ...starts[detail.value] })}
    />
  )
}

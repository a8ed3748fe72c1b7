import Alert from '@cloudscape-design/components/alert'
import Container from '@cloudscape-design/components/container'
import SpaceBetween from '@cloudscape-design/components/space-between'
import { useState } from 'react'
import { JsonField } from '../../parts/json-field'
import type { Choices } from './choices'
import { isCombined, type CombinedSet } from './combined/combined'
import { CombinedForm } from './combined/combined-form'
import { isConditional, type ConditionalSet } from './conditions/condition'
import { ConditionalForm } from './conditions/conditional-form'
import type { Definition } from './definition'
import { NumberedForm } from './rules/numbered-form'
import { isNumbered, isRuled, type NumberedSet, type RuledSet } from './rules/rule-form'
import { RulesForm } from './rules/rules-form'

interface Props {
  definition: Definition
  choices: Choices
  onChange: (definition: Definition) => void
}

const KINDS = { conditional: isConditional, combined: isCombined, numbered: isNumbered, ruled: isRuled } as const

type Kind = keyof typeof KINDS | undefined

export const kindOf = (definition: Definition): Kind =>
  (Object.keys(KINDS) as (keyof typeof KINDS)[]).find((kind) => KINDS[kind](definition))

/** The form of a set's kind. A document that no form shows whole is edited as it is. */
export function DefinitionForm({ definition, choices, onChange }: Props) {
  const [kind] = useState(() => kindOf(definition)) // a form may pass through what is not complete
  const change = (changed: object) => onChange({ ...changed })
  switch (kind) {
    case 'conditional':
      return <ConditionalForm definition={definition as unknown as ConditionalSet} choices={choices} onChange={change} />
    case 'combined':
      return <CombinedForm definition={definition as unknown as CombinedSet} choices={choices} onChange={change} />
    case 'numbered':
      return <NumberedForm definition={definition as unknown as NumberedSet} onChange={change} />
    case 'ruled':
      return <RulesForm definition={definition as unknown as RuledSet} onChange={change} />
    default:
      return <AsJson definition={definition} onChange={onChange} />
  }
}

function AsJson({ definition, onChange }: Pick<Props, 'definition' | 'onChange'>) {
  return (
    <Container>
      <SpaceBetween size="s">
        <Alert type="warning">This document is not complete, so it has no form. Edit it as JSON.</Alert>
        <JsonField name="The definition" value={definition} onChange={(value) => onChange(value as Definition)} />
      </SpaceBetween>
    </Container>
  )
}

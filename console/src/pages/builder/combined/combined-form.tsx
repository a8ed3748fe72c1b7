import Button from '@cloudscape-design/components/button'
import Container from '@cloudscape-design/components/container'
import FormField from '@cloudscape-design/components/form-field'
import Header from '@cloudscape-design/components/header'
import Select from '@cloudscape-design/components/select'
import SpaceBetween from '@cloudscape-design/components/space-between'
import { setTitle } from '../../../parts/set-names'
import type { Choices } from '../choices'
import { newTexts } from '../definition'
import { LabelList } from '../label-list'
import { SetTexts } from '../set-texts'
import { TextFields } from '../text-fields'
import { newPairsLabel, type CombinedSet, type Pair } from './combined'
import { PairRows } from './pair-rows'

const SIDES = ['First set', 'Second set'] as const

interface Props {
  definition: CombinedSet
  choices: Choices
  onChange: (definition: CombinedSet) => void
}

/** A set over two others: its labels, and the pairs that give each. */
export function CombinedForm({ definition, choices, onChange }: Props) {
  const { otherwise, ...named } = definition
  const sets = [{ name: 'rfm', labels: choices.segments }, ...choices.sets]
  const labelsOf = (name: string) => sets.find((set) => set.name === name)?.labels ?? []
  const options = sets.map(({ name }) => ({ value: name, label: setTitle(name) }))
  return (
    <>
      <SetTexts set={definition} onChange={onChange}>
        {definition.of.map((name, side) => (
          <FormField key={side} label={SIDES[side]}>
            <Select
              selectedOption={{ value: name, label: setTitle(name) }}
              options={options}
              onChange={({ detail }) =>
                onChange({ ...definition, of: definition.of.with(side, detail.selectedOption.value ?? name) as unknown as Pair })
              }
            />
          </FormField>
        ))}
      </SetTexts>
      <LabelList labels={definition.label} added={newPairsLabel} onChange={(label) => onChange({ ...definition, label })}>
        {(label, change) => (
          <PairRows
            pairs={label.pairs}
            titles={definition.of.map(setTitle)}
            labels={definition.of.map(labelsOf)}
            onChange={(pairs) => change({ ...label, pairs })}
          />
        )}
      </LabelList>
      <Container header={<Header variant="h2" description="Customers whose pair no label above names.">Everybody else</Header>}>
        {otherwise ? (
          <SpaceBetween size="m">
            <TextFields texts={otherwise} onChange={(texts) => onChange({ ...definition, otherwise: texts })} />
            <Button onClick={() => onChange(named)}>Remove this label: the pairs above are all there are</Button>
          </SpaceBetween>
        ) : (
          <Button onClick={() => onChange({ ...definition, otherwise: { ...newTexts(1), label: 'Others' } })}>
            Add a label for everybody else
          </Button>
        )}
      </Container>
    </>
  )
}

import Container from '@cloudscape-design/components/container'
import Header from '@cloudscape-design/components/header'
import type { Choices } from '../choices'
import { LabelList } from '../label-list'
import { SetTexts } from '../set-texts'
import { TextFields } from '../text-fields'
import { asGroup, newLabel, type ConditionalSet } from './condition'
import { GroupEditor } from './group-editor'

interface Props {
  definition: ConditionalSet
  choices: Choices
  onChange: (definition: ConditionalSet) => void
}

/** A set by conditions: its texts, its labels in order, and the label of everybody else. */
export function ConditionalForm({ definition, choices, onChange }: Props) {
  return (
    <>
      <SetTexts set={definition} onChange={onChange} />
      <LabelList
        labels={definition.label}
        added={newLabel}
        onChange={(label) => onChange({ ...definition, label })}
      >
        {(label, change) => (
          <GroupEditor
            group={asGroup(label.when)}
            depth={1}
            choices={choices}
            onChange={(when) => change({ ...label, when })}
          />
        )}
      </LabelList>
      <Container header={<Header variant="h2" description="Customers who meet no condition above.">Everybody else</Header>}>
        <TextFields texts={definition.otherwise} onChange={(otherwise) => onChange({ ...definition, otherwise })} />
      </Container>
    </>
  )
}

import Button from '@cloudscape-design/components/button'
import Container from '@cloudscape-design/components/container'
import Header from '@cloudscape-design/components/header'
import { useState } from 'react'
import { LabelList } from '../label-list'
import { SetTexts } from '../set-texts'
import { TextFields } from '../text-fields'
import { newTexts } from '../definition'
import { RuleEditor } from './rule-editor'
import { definitionOf, formOf, withLabels, withoutLabel, type RuledSet, type RulesForm as Form } from './rule-form'

interface Props {
  definition: RuledSet
  onChange: (definition: RuledSet) => void
}

/** A set that cuts columns: its labels, the rules in order, and the label of empty cells. */
export function RulesForm({ definition, onChange }: Props) {
  const [form, setForm] = useState(() => formOf(definition))
  const change = (changed: Form) => {
    setForm(changed)
    onChange(definitionOf(changed))
  }
  const names = [...form.label, form.empty].map((one) => one.label)
  return (
    <>
      <SetTexts set={form} onChange={change} />
      <LabelList
        labels={form.label}
        added={newTexts}
        onChange={(label) => change(withLabels(form, label))}
        onRemove={(place) => change(withoutLabel(form, place))}
      />
      <Container header={<Header variant="h2" description="Customers whose value is empty, or whose column has none.">Without a value</Header>}>
        <TextFields texts={form.empty} onChange={(empty) => change({ ...form, empty })} />
      </Container>
      {form.rule.map((rule, place) => (
        <RuleEditor
          key={place}
          rule={rule}
          place={place + 1}
          labels={names}
          onChange={(changed) => change({ ...form, rule: form.rule.with(place, changed) })}
          onRemove={form.rule.length > 1 ? () => change({ ...form, rule: form.rule.toSpliced(place, 1) }) : undefined}
        />
      ))}
      <div>
        <Button
          iconName="add-plus"
          onClick={() => change({ ...form, rule: [...form.rule, { column: 'historic_value', ranges: [{ label: 0, limits: {} }] }] })}
        >
          Add a rule for when that column is empty for everybody
        </Button>
      </div>
    </>
  )
}

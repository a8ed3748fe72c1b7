import Button from '@cloudscape-design/components/button'
import FormField from '@cloudscape-design/components/form-field'
import Input from '@cloudscape-design/components/input'
import { LabelSelect } from './label-select'
import type { TextsForm } from './rule-form'

interface Props {
  rule: TextsForm
  labels: readonly string[]
  onChange: (rule: TextsForm) => void
}

/** The label that each text of a column gives. */
export function TextRows({ rule, labels, onChange }: Props) {
  const texts = rule.texts
  const withTexts = (changed: TextsForm['texts']) => onChange({ ...rule, texts: changed })
  return (
    <>
      {texts.map((one, place) => (
        <div className="condition" key={place}>
          <FormField label="Where the column has">
            <Input value={one.text} onChange={({ detail }) => withTexts(texts.with(place, { ...one, text: detail.value }))} />
          </FormField>
          <LabelSelect labels={labels} place={one.label} onChange={(label) => withTexts(texts.with(place, { ...one, label }))} />
          {texts.length > 1 && (
            <Button
              variant="icon"
              iconName="close"
              ariaLabel={`Remove the text ${one.text}`}
              onClick={() => withTexts(texts.toSpliced(place, 1))}
            />
          )}
        </div>
      ))}
      <div>
        <Button iconName="add-plus" onClick={() => withTexts([...texts, { text: '', label: 0 }])}>
          Add a text
        </Button>
      </div>
    </>
  )
}

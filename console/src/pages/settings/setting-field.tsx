import Button from '@cloudscape-design/components/button'
import FormField from '@cloudscape-design/components/form-field'
import Input from '@cloudscape-design/components/input'
import Toggle from '@cloudscape-design/components/toggle'
import { JsonField } from '../../parts/json-field'
import { sentence } from '../../parts/set-names'
import meanings from './meanings.json'

interface Props {
  name: string
  value: unknown
  /** Whether the tenant changed it. */
  isOwn: boolean
  onChange: (value: unknown) => void
  onReset: () => void
}

/** One setting, by the kind of its value. The API checks it when it is saved. */
export function SettingField({ name, value, isOwn, onChange, onReset }: Props) {
  return (
    <FormField
      label={sentence(name)}
      description={meaningOf(name)}
      constraintText={isOwn ? 'Your own value.' : 'The default.'}
      secondaryControl={
        isOwn && (
          <Button variant="inline-link" ariaLabel={`Use the default for ${sentence(name)}`} onClick={onReset}>
            Use the default
          </Button>
        )
      }
    >
      <Control name={name} value={value} onChange={onChange} onReset={onReset} />
    </FormField>
  )
}

const meaningOf = (name: string): string => (meanings as Record<string, string>)[name] ?? ''

function Control({ name, value, onChange, onReset }: Omit<Props, 'isOwn'>) {
  if (typeof value === 'boolean')
    return (
      <Toggle checked={value} onChange={({ detail }) => onChange(detail.checked)}>
        {value ? 'On' : 'Off'}
      </Toggle>
    )
  if (typeof value === 'number')
    // An emptied field is no 0: it has the default again.
    return (
      <Input
        type="number"
        step="any"
        value={String(value)}
        onChange={({ detail }) => (detail.value === '' ? onReset() : onChange(Number(detail.value)))}
      />
    )
  if (typeof value === 'string') return <Input value={value} onChange={({ detail }) => onChange(detail.value)} />
  return <JsonField name={name} value={value} onChange={onChange} />
}

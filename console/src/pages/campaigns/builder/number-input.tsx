import FormField from '@cloudscape-design/components/form-field'
import Input from '@cloudscape-design/components/input'
import { useState } from 'react'

interface Props {
  title: string
  description?: string
  value: number
  least: number
  most: number
  unit: string
  disabled?: boolean
  onChange: (value: number) => void
}

/** A whole number within limits. What is outside of them is shown as wrong and not passed on. */
export function NumberInput({ title, description, value, least, most, unit, disabled = false, onChange }: Props) {
  const [typed, setTyped] = useState<string>()
  const shown = typed ?? String(value)
  const isRight = (text: string) => text.trim() !== '' && Number.isInteger(Number(text)) && Number(text) >= least && Number(text) <= most
  return (
    <FormField
      label={title}
      description={description}
      constraintText={unit}
      errorText={isRight(shown) ? '' : `Expected a whole number from ${least} to ${most}.`}
    >
      <Input
        type="number"
        inputMode="numeric"
        value={shown}
        disabled={disabled}
        onChange={({ detail }) => {
          setTyped(detail.value)
          if (isRight(detail.value)) onChange(Number(detail.value))
        }}
        onBlur={() => setTyped(undefined)}
      />
    </FormField>
  )
}

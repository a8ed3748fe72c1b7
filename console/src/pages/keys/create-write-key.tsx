import FormField from '@cloudscape-design/components/form-field'
import Input from '@cloudscape-design/components/input'
import { useState } from 'react'
import type { CreatedWriteKey } from '../../api/schema'
import { post } from '../../api/use-action'
import { FormDialog } from '../../parts/form-dialog'

interface Props {
  onCreated: (key: CreatedWriteKey) => void
  onCancel: () => void
}

export function CreateWriteKey({ onCreated, onCancel }: Props) {
  const [label, setLabel] = useState('')
  const [days, setDays] = useState('365')
  const create = async () => onCreated(await post('/v1/write-keys', {}, { label, days: Number(days) }))
  return (
    <FormDialog title="Create a page key" submit="Create" onSubmit={create} onCancel={onCancel}>
      <FormField label="Which page" description="Such as www.shop.example.">
        <Input value={label} onChange={({ detail }) => setLabel(detail.value)} />
      </FormField>
      <FormField label="Works for" description="From 1 to 730 days.">
        <Input type="number" inputMode="numeric" value={days} onChange={({ detail }) => setDays(detail.value)} />
      </FormField>
    </FormDialog>
  )
}

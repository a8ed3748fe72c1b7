import FormField from '@cloudscape-design/components/form-field'
import Input from '@cloudscape-design/components/input'
import RadioGroup from '@cloudscape-design/components/radio-group'
import { useState } from 'react'
import type { CreatedKey } from '../../api/schema'
import { post } from '../../api/use-action'
import { FormDialog } from '../../parts/form-dialog'
import { ROLES, type Role } from './roles'

interface Props {
  onCreated: (key: CreatedKey) => void
  onCancel: () => void
}

export function CreateKey({ onCreated, onCancel }: Props) {
  const [label, setLabel] = useState('')
  const [role, setRole] = useState<Role>('viewer')
  const [days, setDays] = useState('365')
  const create = async () => onCreated(await post('/v1/keys', {}, { label, role, days: Number(days) }))
  return (
    <FormDialog title="Create an API key" submit="Create" onSubmit={create} onCancel={onCancel}>
      <FormField label="What it is for" description="Such as the system that will use it.">
        <Input value={label} onChange={({ detail }) => setLabel(detail.value)} />
      </FormField>
      <FormField label="Role">
        <RadioGroup value={role} items={[...ROLES]} onChange={({ detail }) => setRole(detail.value as Role)} />
      </FormField>
      <FormField label="Works for" description="From 1 to 730 days.">
        <Input type="number" inputMode="numeric" value={days} onChange={({ detail }) => setDays(detail.value)} />
      </FormField>
    </FormDialog>
  )
}

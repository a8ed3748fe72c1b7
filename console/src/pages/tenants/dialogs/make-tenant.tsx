import FormField from '@cloudscape-design/components/form-field'
import Input from '@cloudscape-design/components/input'
import { useState } from 'react'
import type { TenantList } from '../../../api/schema'
import { post } from '../../../api/use-action'
import { FormDialog } from '../../../parts/form-dialog'
import { USUAL, UsageFields, changeOf } from './usage-fields'

interface Props {
  list: TenantList
  onDone: () => void
  onCancel: () => void
}

/** Makes a shop, before its first upload. */
export function MakeTenant({ list, onDone, onCancel }: Props) {
  const [name, setName] = useState('')
  const [usage, setUsage] = useState(USUAL)
  const make = async () => {
    await post('/v1/tenants', {}, { tenant: name, ...changeOf(usage) })
    onDone()
  }
  return (
    <FormDialog title="Make a tenant" submit="Make" isReady={name !== ''} onSubmit={make} onCancel={onCancel}>
      <FormField
        label="Name"
        description="1 to 48 lower-case letters, digits and hyphens. It is the folder of its uploads, and cannot be changed."
        constraintText={name && `Its uploads go to uploads/${name}/.`}
      >
        <Input value={name} onChange={({ detail }) => setName(detail.value)} />
      </FormField>
      <UsageFields usage={usage} list={list} onChange={setUsage} />
    </FormDialog>
  )
}

import Box from '@cloudscape-design/components/box'
import FormField from '@cloudscape-design/components/form-field'
import Input from '@cloudscape-design/components/input'
import { useState } from 'react'
import type { TenantFacts } from '../../../api/schema'
import { post } from '../../../api/use-action'
import { FormDialog } from '../../../parts/form-dialog'

interface Props {
  tenant: TenantFacts
  onDone: () => void
  onCancel: () => void
}

/** Stops everything of a shop, and deletes nothing. */
export function SuspendTenant({ tenant, onDone, onCancel }: Props) {
  const [reason, setReason] = useState('')
  const suspend = async () => {
    await post('/v1/tenants/{tenant}/suspend', { tenant: tenant.tenant }, { reason })
    onDone()
  }
  return (
    <FormDialog title={`Suspend ${tenant.tenant}?`} submit="Suspend" onSubmit={suspend} onCancel={onCancel}>
      <Box>
        Nothing is run or sent for it, its users and keys are refused, and its campaigns pause. Nothing is deleted. Runs that
        have begun end. Uploads are refused and kept.
      </Box>
      <FormField label="Reason" description="The shop's users read it. At most 300 characters.">
        <Input value={reason} onChange={({ detail }) => setReason(detail.value)} />
      </FormField>
    </FormDialog>
  )
}

import Alert from '@cloudscape-design/components/alert'
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

/** Removes a shop with all its data, once its name was typed. */
export function RemoveTenant({ tenant, onDone, onCancel }: Props) {
  const [typed, setTyped] = useState('')
  const [reason, setReason] = useState(tenant.reason)
  const isAgain = tenant.state === 'removing'
  const remove = async () => {
    await post('/v1/tenants/{tenant}/remove', { tenant: tenant.tenant }, { confirm: typed, reason })
    onDone()
  }
  return (
    <FormDialog
      title={isAgain ? `Go on removing ${tenant.tenant}?` : `Remove ${tenant.tenant}?`}
      submit="Remove for good"
      isReady={typed === tenant.tenant}
      onSubmit={remove}
      onCancel={onCancel}
    >
      <Alert type="warning">
        This deletes all data of the shop, with every earlier version: uploads, customers, runs, campaigns, keys, secrets and
        users. Nobody can bring it back. What destinations got stays there.
      </Alert>
      <FormField label="Name of the tenant" description={`Type ${tenant.tenant} to confirm.`}>
        <Input value={typed} autoComplete={false} onChange={({ detail }) => setTyped(detail.value)} />
      </FormField>
      {!isAgain && (
        <FormField label="Reason" description="It is in the receipt. At most 300 characters.">
          <Input value={reason} onChange={({ detail }) => setReason(detail.value)} />
        </FormField>
      )}
    </FormDialog>
  )
}

import { useState } from 'react'
import type { TenantFacts, TenantList } from '../../../api/schema'
import { post } from '../../../api/use-action'
import { FormDialog } from '../../../parts/form-dialog'
import { UsageFields, changeOf, usageOf } from './usage-fields'

interface Props {
  tenant: TenantFacts
  list: TenantList
  onDone: () => void
  onCancel: () => void
}

/** Sets what a shop may use. */
export function LimitTenant({ tenant, list, onDone, onCancel }: Props) {
  const [usage, setUsage] = useState(() => usageOf(tenant))
  const save = async () => {
    await post('/v1/tenants/{tenant}/limits', { tenant: tenant.tenant }, changeOf(usage))
    onDone()
  }
  return (
    <FormDialog title={`Limits of ${tenant.tenant}`} submit="Save" onSubmit={save} onCancel={onCancel}>
      <UsageFields usage={usage} list={list} onChange={setUsage} />
    </FormDialog>
  )
}

import Box from '@cloudscape-design/components/box'
import type { TenantFacts } from '../../../api/schema'
import { post } from '../../../api/use-action'
import { FormDialog } from '../../../parts/form-dialog'

interface Props {
  tenant: TenantFacts
  onDone: () => void
  onCancel: () => void
}

/** Lets a suspended shop go on. */
export function ResumeTenant({ tenant, onDone, onCancel }: Props) {
  const resume = async () => {
    await post('/v1/tenants/{tenant}/resume', { tenant: tenant.tenant }, undefined)
    onDone()
  }
  return (
    <FormDialog title={`Resume ${tenant.tenant}?`} submit="Resume" onSubmit={resume} onCancel={onCancel}>
      <Box>
        It works again within 15 seconds, with the limits it had. Uploads that were refused meanwhile start no run by
        themselves: the shop starts them again. It also resumes its paused campaigns itself.
      </Box>
    </FormDialog>
  )
}

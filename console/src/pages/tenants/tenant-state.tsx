import Box from '@cloudscape-design/components/box'
import StatusIndicator from '@cloudscape-design/components/status-indicator'
import type { TenantFacts } from '../../api/schema'

/** Whether a tenant works, and why it does not. */
export function TenantState({ tenant }: { tenant: TenantFacts }) {
  return (
    <>
      <Indicator state={tenant.state} />
      {tenant.reason && (
        <Box variant="small" display="block">
          {tenant.reason}
        </Box>
      )}
    </>
  )
}

function Indicator({ state }: { state: TenantFacts['state'] }) {
  if (state === 'suspended') return <StatusIndicator type="stopped">Suspended</StatusIndicator>
  if (state === 'removing') return <StatusIndicator type="in-progress">Being removed</StatusIndicator>
  return <StatusIndicator type="success">Active</StatusIndicator>
}

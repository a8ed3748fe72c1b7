import Button from '@cloudscape-design/components/button'
import ContentLayout from '@cloudscape-design/components/content-layout'
import Header from '@cloudscape-design/components/header'
import SpaceBetween from '@cloudscape-design/components/space-between'
import { useCallback, useState } from 'react'
import { useGet } from '../../api/use-get'
import { usePolling } from '../../api/use-polling'
import { Loaded } from '../../states/loaded'
import { MakeTenant } from './dialogs/make-tenant'
import { RemovalTable } from './removal-table'
import { TenantTable } from './tenant-table'

/** The shops of the deployment, for its operators: state and limits, and no data of any. */
export default function TenantsPage() {
  const tenants = useGet('/v1/tenants', {})
  const removals = useGet('/v1/removals', {})
  const [isMaking, setIsMaking] = useState(false)
  const items = tenants.state === 'ready' ? tenants.data.items : []
  const { poll: pollTenants, reload: reloadTenants } = tenants
  const { poll: pollRemovals, reload: reloadRemovals } = removals
  const poll = useCallback(() => {
    pollTenants()
    pollRemovals()
  }, [pollTenants, pollRemovals])
  usePolling(items.some((one) => one.state === 'removing'), poll, 5)
  const onChanged = () => {
    reloadTenants()
    reloadRemovals()
  }
  const onMade = () => {
    setIsMaking(false)
    onChanged()
  }
  return (
    <ContentLayout
      header={
        <Header
          variant="h1"
          description="The shops that this deployment serves. You see their state and limits, and none of their data."
          actions={
            <Button variant="primary" disabled={tenants.state !== 'ready'} onClick={() => setIsMaking(true)}>
              Make a tenant
            </Button>
          }
        >
          Tenants
        </Header>
      }
    >
      <SpaceBetween size="l">
        <Loaded query={tenants} what="the tenants">
          {(list) => <TenantTable list={list} onChanged={onChanged} />}
        </Loaded>
        <Loaded query={removals} what="the removals">
          {(list) => <RemovalTable removals={list.items} />}
        </Loaded>
      </SpaceBetween>
      {isMaking && tenants.state === 'ready' && (
        <MakeTenant list={tenants.data} onDone={onMade} onCancel={() => setIsMaking(false)} />
      )}
    </ContentLayout>
  )
}

import ButtonDropdown from '@cloudscape-design/components/button-dropdown'
import { useState } from 'react'
import type { TenantFacts, TenantList } from '../../api/schema'
import { LimitTenant } from './dialogs/limit-tenant'
import { RemoveTenant } from './dialogs/remove-tenant'
import { ResumeTenant } from './dialogs/resume-tenant'
import { SuspendTenant } from './dialogs/suspend-tenant'

type Doing = 'suspend' | 'resume' | 'limits' | 'remove'

interface Props {
  tenant: TenantFacts
  list: TenantList
  onChanged: () => void
}

const DEFAULT = 'default' // its uploads have no folder, so nothing removes it

/** What can be done with a tenant in its state. */
export function TenantActions({ tenant, list, onChanged }: Props) {
  const [doing, setDoing] = useState<Doing>()
  const close = () => setDoing(undefined)
  const done = () => {
    close()
    onChanged()
  }
  return (
    <>
      <ButtonDropdown
        ariaLabel={`Change ${tenant.tenant}`}
        variant="inline-icon"
        expandToViewport
        items={itemsFor(tenant)}
        onItemClick={({ detail }) => setDoing(detail.id as Doing)}
      />
      {doing === 'suspend' && <SuspendTenant tenant={tenant} onDone={done} onCancel={close} />}
      {doing === 'resume' && <ResumeTenant tenant={tenant} onDone={done} onCancel={close} />}
      {doing === 'limits' && <LimitTenant tenant={tenant} list={list} onDone={done} onCancel={close} />}
      {doing === 'remove' && <RemoveTenant tenant={tenant} onDone={done} onCancel={close} />}
    </>
  )
}

function itemsFor(tenant: TenantFacts): { id: Doing; text: string }[] {
  const remove = { id: 'remove' as const, text: tenant.state === 'removing' ? 'Go on removing' : 'Remove' }
  if (tenant.state === 'removing') return [remove]
  return [
    tenant.state === 'active' ? { id: 'suspend', text: 'Suspend' } : { id: 'resume', text: 'Resume' },
    { id: 'limits', text: 'Limits' },
    ...(tenant.tenant === DEFAULT ? [] : [remove]),
  ]
}

import FormField from '@cloudscape-design/components/form-field'
import Input from '@cloudscape-design/components/input'
import { useState } from 'react'
import type { SavedCampaign } from '../../../api/schema'
import { post } from '../../../api/use-action'
import { goTo, hrefOf } from '../../../app/route'
import { FormDialog } from '../../../parts/form-dialog'
import { slugOf } from '../../../parts/slug'

/** Copies a campaign. The copy holds out other people. */
export function CopyDialog({ campaign, onCancel }: { campaign: SavedCampaign; onCancel: () => void }) {
  const [name, setName] = useState(`${campaign.name} 2`)
  const id = slugOf(name, 'campaign')
  const copy = async () => {
    await post('/v1/campaigns/{campaign_id}/duplicate', { campaign_id: campaign.id }, { id, name })
    goTo(hrefOf(['campaigns', id, 'edit']))
  }
  return (
    <FormDialog title={`Duplicate ${campaign.name}`} submit="Duplicate" isReady={id !== ''} onSubmit={copy} onCancel={onCancel}>
      <FormField label="Name" description="The copy holds out other people, chosen by chance again.">
        <Input value={name} onChange={({ detail }) => setName(detail.value)} />
      </FormField>
    </FormDialog>
  )
}

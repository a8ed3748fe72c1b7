import Box from '@cloudscape-design/components/box'
import type { SavedCampaign } from '../../../api/schema'
import { post } from '../../../api/use-action'
import { FormDialog } from '../../../parts/form-dialog'

interface Props {
  campaign: SavedCampaign
  onDone: () => void
  onCancel: () => void
}

/** Ends a campaign for good. */
export function EndDialog({ campaign: { id, name }, onDone, onCancel }: Props) {
  const end = () => post('/v1/campaigns/{campaign_id}/end', { campaign_id: id }, undefined).then(onDone)
  return (
    <FormDialog title={`End ${name}`} submit="End" onSubmit={end} onCancel={onCancel}>
      <Box>No further run begins, and this cannot be undone. A run that is under way goes on: cancel it on its own page.</Box>
    </FormDialog>
  )
}

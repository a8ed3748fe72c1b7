import Alert from '@cloudscape-design/components/alert'
import type { SavedCampaign } from '../../../api/schema'
import { post } from '../../../api/use-action'
import { FormDialog } from '../../../parts/form-dialog'
import { definitionOf } from '../definition'
import { DefinitionFacts } from '../definition-facts'

interface Props {
  campaign: SavedCampaign
  onDone: () => void
  onCancel: () => void
}

/** Lets the schedule start runs. It says what nobody is asked about from then on. */
export function ActivateDialog({ campaign: { id, name, version, definition }, onDone, onCancel }: Props) {
  const activate = () => post('/v1/campaigns/{campaign_id}/activate', { campaign_id: id }, { version }).then(onDone)
  return (
    <FormDialog title={`Activate ${name}`} submit="Activate" onSubmit={activate} onCancel={onCancel}>
      <Alert type="warning" header="Its runs then send without a further approval">
        The schedule starts a run every day. Edit the campaign and each of its runs waits for you again.
      </Alert>
      <DefinitionFacts definition={definitionOf(definition)} />
    </FormDialog>
  )
}

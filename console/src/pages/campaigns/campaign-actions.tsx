import ButtonDropdown from '@cloudscape-design/components/button-dropdown'
import Button from '@cloudscape-design/components/button'
import SpaceBetween from '@cloudscape-design/components/space-between'
import { useState } from 'react'
import type { SavedCampaign } from '../../api/schema'
import { ActivateDialog } from './dialogs/activate-dialog'
import { CopyDialog } from './dialogs/copy-dialog'
import { EndDialog } from './dialogs/end-dialog'
import { NewRunDialog } from './dialogs/new-run-dialog'

type Doing = 'run' | 'activate' | 'end' | 'copy'

/** What can be done with a campaign in its state. */
export function CampaignActions({ campaign, onChanged }: { campaign: SavedCampaign; onChanged: () => void }) {
  const [doing, setDoing] = useState<Doing>()
  const close = () => setDoing(undefined)
  const done = () => {
    close()
    onChanged()
  }
  const isEnded = campaign.state === 'ended'
  const isWrong = campaign.problems.length > 0
  const more = [
    { id: 'copy', text: 'Duplicate' },
    ...(isEnded ? [] : [{ id: 'end', text: 'End the campaign' }]),
  ]
  return (
    <SpaceBetween size="xs" direction="horizontal">
      <ButtonDropdown items={more} onItemClick={({ detail }) => setDoing(detail.id as Doing)}>
        More
      </ButtonDropdown>
      {campaign.state === 'draft' && campaign.definition.schedule.kind === 'daily' && (
        <Button disabled={isWrong} onClick={() => setDoing('activate')}>
          Activate
        </Button>
      )}
      {!isEnded && (
        <Button variant="primary" disabled={isWrong} onClick={() => setDoing('run')}>
          Plan a run
        </Button>
      )}
      {doing === 'run' && <NewRunDialog campaign={campaign} onCancel={close} />}
      {doing === 'activate' && <ActivateDialog campaign={campaign} onDone={done} onCancel={close} />}
      {doing === 'end' && <EndDialog campaign={campaign} onDone={done} onCancel={close} />}
      {doing === 'copy' && <CopyDialog campaign={campaign} onCancel={close} />}
    </SpaceBetween>
  )
}

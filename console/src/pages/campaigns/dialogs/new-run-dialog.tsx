import Box from '@cloudscape-design/components/box'
import Checkbox from '@cloudscape-design/components/checkbox'
import { useState } from 'react'
import type { CampaignReuse, SavedCampaign } from '../../../api/schema'
import { post } from '../../../api/use-action'
import { goTo, hrefOf } from '../../../app/route'
import { FormDialog } from '../../../parts/form-dialog'
import { AudienceFields } from '../builder/audience-form'
import { DayInput } from '../builder/day-input'
import { definitionOf, type Definition } from '../definition'
import { whoWords } from '../in-words'
import { useLabels } from '../labels'

/** Asks for a run, for another day or another audience where the reader wishes. */
export function NewRunDialog({ campaign, onCancel }: { campaign: SavedCampaign; onCancel: () => void }) {
  const start = definitionOf(campaign.definition)
  const labels = useLabels()
  const [audience, setAudience] = useState(start.audience)
  const [isOther, setIsOther] = useState(false)
  const [day, setDay] = useState(start.schedule.first_day)
  const plan = async () => {
    const { run_id: run } = await post('/v1/campaigns/{campaign_id}/runs', { campaign_id: campaign.id }, changeOf(start, { audience, isOther, day }))
    goTo(hrefOf(['campaigns', campaign.id, 'runs', run]))
  }
  return (
    <FormDialog title={`Plan a run of ${campaign.name}`} submit="Plan" isReady={day !== '' && audience.receivers !== ''} onSubmit={plan} onCancel={onCancel}>
      <Box>It counts everybody and freezes who gets what. Nothing is sent before you approve the run.</Box>
      {start.schedule.kind === 'once' && <DayInput title="Day" description="In the shop's time zone." value={day} onChange={setDay} />}
      <Checkbox checked={isOther} description={whoWords(start)} onChange={({ detail }) => setIsOther(detail.checked)}>
        Another audience for this run
      </Checkbox>
      {isOther && <AudienceFields audience={audience} labels={labels} onChange={setAudience} />}
    </FormDialog>
  )
}

interface Chosen {
  audience: Definition['audience']
  isOther: boolean
  day: string
}

/** What the run changes of the definition. Nothing where it is as the campaign has it. */
function changeOf({ schedule }: Definition, { audience, isOther, day }: Chosen): CampaignReuse {
  return {
    ...(isOther ? { audience: audience as NonNullable<CampaignReuse['audience']> } : {}),
    ...(day === schedule.first_day ? {} : { schedule: { ...schedule, first_day: day } }),
  }
}

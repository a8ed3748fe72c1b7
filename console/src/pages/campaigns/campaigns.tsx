import { useRoute } from '../../app/route'
import { EditCampaign, NewCampaign } from './builder/campaign-editor'
import { CampaignList } from './campaign-list'
import { CampaignPage } from './campaign-page'
import { RunPage } from './run/run-page'

/** Every campaign, one of them, its editor, or one of its runs. `new` is one that is not saved yet. */
export default function CampaignsPage() {
  const [id, part, run] = useRoute().rest
  if (!id) return <CampaignList />
  if (id === 'new') return <NewCampaign />
  if (part === 'edit') return <EditCampaign key={id} id={id} />
  if (part === 'runs' && run) return <RunPage key={run} run={run} />
  return <CampaignPage key={id} id={id} />
}

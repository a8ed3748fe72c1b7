import ContentLayout from '@cloudscape-design/components/content-layout'
import Header from '@cloudscape-design/components/header'
import { useGet } from '../../../api/use-get'
import { useRoute } from '../../../app/route'
import { Loaded } from '../../../states/loaded'
import { definitionOf, newDefinition } from '../definition'
import { termsFrom } from '../targets/offer/terms'
import { CampaignForm } from './campaign-form'
import { FromOffer } from './from-offer'

/** A new campaign, empty or as one that ships with Tessera. */
export function NewCampaign() {
  const { query } = useRoute()
  const [ready, offer] = [query.get('ready'), query.get('offer')]
  return (
    <ContentLayout header={<Header variant="h1">New campaign</Header>}>
      {ready && <FromReady name={ready} />}
      {offer && <FromOffer key={query.toString()} campaign={offer} terms={termsFrom(query)} />}
      {!ready && !offer && <CampaignForm start={newDefinition()} version={0} hasRun={false} />}
    </ContentLayout>
  )
}

function FromReady({ name }: { name: string }) {
  const query = useGet('/v1/ready-campaigns', {})
  return (
    <Loaded query={query} what="the ready campaign">
      {({ items }) => {
        const ready = items.find((one) => one.name === name)
        const start = newDefinition()
        const definition = ready ? definitionOf(ready.definition) : start
        const schedule = { ...definition.schedule, first_day: start.schedule.first_day }
        return <CampaignForm key={name} start={{ ...definition, schedule }} version={0} hasRun={false} />
      }}
    </Loaded>
  )
}

/** A saved campaign in the editor. */
export function EditCampaign({ id }: { id: string }) {
  const query = useGet('/v1/campaigns/{campaign_id}', { campaign_id: id })
  return (
    <ContentLayout header={<Header variant="h1">{query.state === 'ready' ? `Edit ${query.data.name}` : 'Edit the campaign'}</Header>}>
      <Loaded query={query} what="the campaign">
        {({ version, definition, last_run }) => (
          <CampaignForm key={version} start={definitionOf(definition)} version={version} hasRun={last_run !== null} />
        )}
      </Loaded>
    </ContentLayout>
  )
}

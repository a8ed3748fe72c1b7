import Alert from '@cloudscape-design/components/alert'
import Button from '@cloudscape-design/components/button'
import Container from '@cloudscape-design/components/container'
import ContentLayout from '@cloudscape-design/components/content-layout'
import Header from '@cloudscape-design/components/header'
import SpaceBetween from '@cloudscape-design/components/space-between'
import type { SavedCampaign } from '../../api/schema'
import { useGet } from '../../api/use-get'
import { hrefOf } from '../../app/route'
import { moment } from '../../format/moments'
import { asSentence } from '../../format/words'
import { TestButton } from '../../parts/test-button'
import { Loaded } from '../../states/loaded'
import { CampaignActions } from './campaign-actions'
import { definitionOf } from './definition'
import { DefinitionFacts } from './definition-facts'
import { Results } from './results/results'
import { RunTable } from './run-table'
import { CampaignStatus } from './states'

/** One campaign: what it does, its runs, and what it changed. */
export function CampaignPage({ id }: { id: string }) {
  const query = useGet('/v1/campaigns/{campaign_id}', { campaign_id: id })
  const campaign = query.state === 'ready' ? query.data : undefined
  return (
    <ContentLayout
      header={
        <Header
          variant="h1"
          description={campaign && `Version ${campaign.version}, changed on ${moment(campaign.changed_at)}.`}
          actions={campaign && <CampaignActions campaign={campaign} onChanged={query.reload} />}
        >
          {campaign?.name ?? id}
        </Header>
      }
    >
      <Loaded query={query} what="the campaign">
        {(one) => (
          <div className="stack">
            <Problems problems={one.problems} />
            {one.last_run ? (
              <Results campaign={one.id} resultDays={one.definition.result_days ?? 30}>
                <About campaign={one} />
              </Results>
            ) : (
              <About campaign={one} />
            )}
          </div>
        )}
      </Loaded>
    </ContentLayout>
  )
}

function About({ campaign }: { campaign: SavedCampaign }) {
  return (
    <>
      <Facts campaign={campaign} />
      <RunTable campaign={campaign.id} />
    </>
  )
}

function Facts({ campaign }: { campaign: SavedCampaign }) {
  return (
    <Container
      header={
        <Header variant="h2" info={<CampaignStatus state={campaign.state} />} actions={campaign.state !== 'ended' && <Edit id={campaign.id} />}>
          What it does
        </Header>
      }
    >
      <SpaceBetween size="m">
        <DefinitionFacts definition={definitionOf(campaign.definition)} />
        <Tests campaign={campaign} />
      </SpaceBetween>
    </Container>
  )
}

/** A test of each variant, to an address of the reader's choice. */
function Tests({ campaign: { definition } }: { campaign: SavedCampaign }) {
  return (
    <SpaceBetween size="xs" direction="horizontal">
      {definition.variants.map(
        ({ name, template }) =>
          template && (
            <TestButton key={name} template={template.id} version={template.version}>
              {`Send a test of ${name}`}
            </TestButton>
          ),
      )}
    </SpaceBetween>
  )
}

function Edit({ id }: { id: string }) {
  return <Button href={hrefOf(['campaigns', id, 'edit'])}>Edit</Button>
}

function Problems({ problems }: { problems: readonly string[] }) {
  if (problems.length === 0) return null
  return (
    <Alert type="warning" header="A run of it would send nothing now">
      <ul>
        {problems.map((problem) => (
          <li key={problem}>{asSentence(problem)}</li>
        ))}
      </ul>
    </Alert>
  )
}

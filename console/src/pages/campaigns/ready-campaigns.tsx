import Button from '@cloudscape-design/components/button'
import Container from '@cloudscape-design/components/container'
import Header from '@cloudscape-design/components/header'
import type { ReadyCampaign } from '../../api/schema'
import { hrefOf } from '../../app/route'
import { PlainTable } from '../../parts/plain-table'
import { definitionOf } from './definition'
import { whoWords } from './in-words'

/** Definitions to begin with. Only their templates are missing. */
export function ReadyCampaigns({ campaigns }: { campaigns: readonly ReadyCampaign[] }) {
  return (
    <Container
      header={
        <Header variant="h2" description="They ship with Tessera. Choose your templates, change what you like, and save.">
          Ready to begin with
        </Header>
      }
    >
      <PlainTable<ReadyCampaign>
        label="Ready to begin with"
        items={campaigns}
        trackBy="name"
        columns={[
          { id: 'name', header: 'Campaign', isRowHeader: true, minWidth: 200, cell: (one) => definitionOf(one.definition).name },
          { id: 'who', header: 'Who gets it', minWidth: 260, cell: (one) => whoWords(definitionOf(one.definition)) },
          { id: 'use', header: 'Actions', minWidth: 140, cell: (one) => <Use campaign={one} /> },
        ]}
      />
    </Container>
  )
}

function Use({ campaign }: { campaign: ReadyCampaign }) {
  return (
    <Button
      variant="inline-link"
      href={hrefOf(['campaigns', 'new'], { ready: campaign.name })}
      ariaLabel={`Begin with it: ${definitionOf(campaign.definition).name}`}
    >
      Begin with it
    </Button>
  )
}

import Alert from '@cloudscape-design/components/alert'
import Box from '@cloudscape-design/components/box'
import Container from '@cloudscape-design/components/container'
import Header from '@cloudscape-design/components/header'
import SpaceBetween from '@cloudscape-design/components/space-between'
import { count, counted, days } from '../../format/figures'
import { day } from '../../format/moments'
import { asSentence } from '../../format/words'
import { PlainTable } from '../../parts/plain-table'
import { sentence } from '../../parts/set-names'
import type { Receipt } from './receipt'

/** What a receipt says: what is left, what was done, and what goes by itself. */
export function Done({ receipt }: { receipt: Receipt }) {
  const { not_done: left = [], ages_out: later = [] } = receipt
  return (
    <SpaceBetween size="l">
      {left.length > 0 && (
        <Alert type="warning" header="Not done">
          <ul className="plain-list">
            {left.map((line) => (
              <li key={line}>{asSentence(line)}</li>
            ))}
          </ul>
        </Alert>
      )}
      <Stored receipt={receipt} />
      <Elsewhere destinations={receipt.destinations ?? []} />
      <Container header={<Header variant="h2" description="An erasure does not change these. They expire.">Goes by itself</Header>}>
        <PlainTable<(typeof later)[number]>
          label="What goes by itself"
          items={later}
          trackBy="what"
          columns={[
            { id: 'what', header: 'What', isRowHeader: true, minWidth: 220, cell: (one) => sentence(one.what) },
            { id: 'days', header: 'After', cell: (one) => (one.until ? `On ${day(one.until)}` : one.days ? days(one.days) : 'Only if you delete it') },
            { id: 'why', header: 'Why it stays so long', minWidth: 220, cell: (one) => asSentence(one.why) },
          ]}
        />
      </Container>
    </SpaceBetween>
  )
}

function Stored({ receipt: { objects = [], tables = {}, search } }: { receipt: Receipt }) {
  const items = Object.entries(tables).map(([name, rows]) => `${sentence(name)}: ${count(rows)}`)
  return (
    <Container header={<Header variant="h2">What is stored</Header>}>
      <SpaceBetween size="s">
        <PlainTable<(typeof objects)[number]>
          label="What was erased"
          items={objects}
          trackBy="kind"
          empty="Nothing was left of these people."
          columns={[
            { id: 'kind', header: 'Files', isRowHeader: true, cell: (one) => sentence(one.kind) },
            { id: 'rows', header: 'Rows', cell: (one) => count(one.rows) },
            { id: 'rewritten', header: 'Files written again', cell: (one) => count(one.rewritten) },
            { id: 'deleted', header: 'Files deleted', cell: (one) => count(one.deleted) },
            { id: 'versions', header: 'Earlier versions deleted', cell: (one) => count(one.versions) },
          ]}
        />
        {items.length > 0 && <Box>Items of tables. {items.join('. ')}.</Box>}
        {search && (
          <Box>
            {counted(search.versions, 'object')} searched afterwards: {search.hits === 0 ? 'nobody is left.' : `${counted(search.hits, 'object')} left.`}
          </Box>
        )}
      </SpaceBetween>
    </Container>
  )
}

function Elsewhere({ destinations }: { destinations: NonNullable<Receipt['destinations']> }) {
  if (destinations.length === 0) return null
  return (
    <Container header={<Header variant="h2">At the destinations</Header>}>
      <PlainTable<(typeof destinations)[number]>
        label="Answers of the destinations"
        items={destinations}
        trackBy="destination"
        columns={[
          { id: 'title', header: 'Destination', isRowHeader: true, cell: (one) => one.title },
          { id: 'answers', header: 'Answer', cell: (one) => Object.entries(one.answers).map(([answer, people]) => `${answer} ${count(people)}`).join(', ') },
          { id: 'left', header: 'Left to do', minWidth: 220, cell: (one) => asSentence(one.failed || one.by_hand) },
        ]}
      />
    </Container>
  )
}

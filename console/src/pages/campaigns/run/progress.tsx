import Alert from '@cloudscape-design/components/alert'
import Container from '@cloudscape-design/components/container'
import Header from '@cloudscape-design/components/header'
import ProgressBar from '@cloudscape-design/components/progress-bar'
import SpaceBetween from '@cloudscape-design/components/space-between'
import type { DeliveryTally } from '../../../api/schema'
import { count, percent } from '../../../format/figures'
import { PlainTable } from '../../../parts/plain-table'
import { asSentence } from '../../../format/words'

interface Row {
  id: keyof DeliveryTally
  what: string
  note: string
}

/** What each state of a recipient means. Each has one, so that nobody gets two messages. */
const STATES: readonly Row[] = [
  { id: 'waiting', what: 'Waiting', note: 'Nothing was sent yet.' },
  { id: 'claimed', what: 'Under way', note: 'A message is being sent.' },
  { id: 'sent', what: 'Accepted', note: 'The e-mail service took the message. That is not yet delivered.' },
  { id: 'skipped', what: 'Skipped', note: 'Opted out in the meantime, or it was too late.' },
  { id: 'refused', what: 'Refused', note: 'The e-mail service will never take it.' },
  { id: 'doubts', what: 'In doubt', note: 'Nothing proves that it was sent, and nothing that it was not. It waits for you.' },
]

/** How far sending is, by what became of each recipient. */
export function Progress({ tally }: { tally: DeliveryTally }) {
  const { planned, waiting, deferred, last_deferral: deferral } = tally
  const done = planned - waiting
  return (
    <Container header={<Header variant="h2">Sending</Header>}>
      <SpaceBetween size="m">
        <ProgressBar
          label="Recipients dealt with"
          value={planned ? (100 * done) / planned : 100}
          additionalInfo={`${count(done)} of ${count(planned)}`}
        />
        {deferred > 0 && (
          <Alert type="info">
            {count(deferred)} of those who wait had an attempt that surely sent nothing. They are tried again. {asSentence(deferral)}
          </Alert>
        )}
        <PlainTable<Row>
          label="Recipients by state"
          items={STATES.filter(({ id }) => Number(tally[id]) > 0)}
          trackBy="id"
          columns={[
            { id: 'what', header: 'State', isRowHeader: true, minWidth: 130, cell: (row) => row.what },
            { id: 'people', header: 'Recipients', minWidth: 110, cell: (row) => count(tally[row.id]) },
            { id: 'share', header: 'Share', minWidth: 90, cell: (row) => percent(Number(tally[row.id]) / planned) },
            { id: 'note', header: 'What it means', minWidth: 260, cell: (row) => row.note },
          ]}
        />
      </SpaceBetween>
    </Container>
  )
}

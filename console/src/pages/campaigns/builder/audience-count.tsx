import Alert from '@cloudscape-design/components/alert'
import Box from '@cloudscape-design/components/box'
import Container from '@cloudscape-design/components/container'
import Header from '@cloudscape-design/components/header'
import SpaceBetween from '@cloudscape-design/components/space-between'
import Spinner from '@cloudscape-design/components/spinner'
import type { AudienceCount } from '../../../api/schema'
import { count as shown } from '../../../format/figures'
import { asSentence } from '../../../format/words'
import { CountsTable } from '../counts-table'
import type { Counted } from './use-audience-count'

/** Who would get the campaign today, and who would not and why. */
export function AudienceCountBox({ counted }: { counted: Counted }) {
  return (
    <Container
      header={
        <Header variant="h2" description="As it would be today. Each person is counted once. The plan of a run counts again.">
          Who would get it
        </Header>
      }
    >
      <div aria-live="polite">
        {counted.state === 'counting' && (
          <Box color="text-body-secondary">
            <Spinner /> Counting…
          </Box>
        )}
        {counted.state === 'refused' && (
          <Alert type="info" header="This cannot be counted yet">
            {counted.problem.detail}
          </Alert>
        )}
        {counted.state === 'counted' && <Count count={counted.count} />}
      </div>
    </Container>
  )
}

function Count({ count: { audience, problems, refused_lines: lines, refusals } }: { count: AudienceCount }) {
  return (
    <SpaceBetween size="s">
      {problems.length > 0 && (
        <Alert type="warning" header="Nobody would get it now">
          <Sentences sentences={problems} />
        </Alert>
      )}
      {lines > 0 && (
        <Alert type="warning" header={`${shown(lines)} lines of the list cannot be used`}>
          <Sentences sentences={refusals} />
        </Alert>
      )}
      {audience?.note && <Alert type="warning">{audience.note}</Alert>}
      {audience && <CountsTable audience={audience} />}
    </SpaceBetween>
  )
}

function Sentences({ sentences }: { sentences: readonly string[] }) {
  return (
    <ul className="plain-list">
      {sentences.map((sentence) => (
        <li key={sentence}>{asSentence(sentence)}</li>
      ))}
    </ul>
  )
}

import Alert from '@cloudscape-design/components/alert'
import Container from '@cloudscape-design/components/container'
import KeyValuePairs from '@cloudscape-design/components/key-value-pairs'
import SpaceBetween from '@cloudscape-design/components/space-between'
import type { RunDetail } from '../../api/schema'
import { ABSENT, count } from '../../format/figures'
import { day } from '../../format/moments'
import { asSentence } from '../../format/words'
import { RunStatus } from './status'
import { took } from './took'

/** A run in a few facts, and what its owner should know. */
export function RunFacts({ run }: { run: RunDetail }) {
  return (
    <SpaceBetween size="s">
      {run.queued && <Alert type="info">{asSentence(run.queued)}</Alert>}
      {run.warnings.map((warning) => (
        <Alert key={warning} type="warning">
          {asSentence(warning)}
        </Alert>
      ))}
      <Container>
        <KeyValuePairs
          columns={4}
          minColumnWidth={150}
          items={[
            { label: 'State', value: <RunStatus run={run} /> },
            { label: 'Describes', value: day(run.as_of) },
            { label: 'Took', value: took(run) },
            { label: 'Upload', value: run.upload ?? 'Scheduled, without an upload' },
            { label: 'Rows read', value: count(run.rows?.read) },
            { label: 'Rows accepted', value: count(run.rows?.accepted) },
            { label: 'Events known', value: count(run.history?.events) },
            { label: 'Read as', value: run.source?.reads || ABSENT },
          ]}
        />
      </Container>
    </SpaceBetween>
  )
}

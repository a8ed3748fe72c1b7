import Alert from '@cloudscape-design/components/alert'
import Box from '@cloudscape-design/components/box'
import Container from '@cloudscape-design/components/container'
import Header from '@cloudscape-design/components/header'
import SpaceBetween from '@cloudscape-design/components/space-between'
import type { RunFigures } from '../../../api/schema'
import type { Whole } from '../../../api/whole'
import { useGet } from '../../../api/use-get'
import { usePolling } from '../../../api/use-polling'
import { moment } from '../../../format/moments'
import { Empty } from '../../../states/empty'
import { Loaded } from '../../../states/loaded'
import { Simulated } from '../simulated'
import { FigureTable } from './figure-table'
import { FiguresOverTime } from './figures-over-time'

/** What came back of a run's messages: all together, over time, by churn risk and by variant. */
export function Figures({ run, isMoving }: { run: string; isMoving: boolean }) {
  const query = useGet('/v1/campaign-runs/{campaign_run}/figures', { campaign_run: run })
  usePolling(isMoving, query.poll, 5)
  const asOf = query.state === 'ready' ? `As of ${moment(query.data.measured_at)}. ` : ''
  return (
    <Container
      header={
        <Header variant="h2" description={`${asOf}People, not events. Reports of the e-mail service are best effort: a missing one proves nothing.`}>
          What came back
        </Header>
      }
    >
      {query.state === 'refused' && query.problem.status === 404 ? (
        <Empty title="Nothing came back yet">Figures appear some minutes after the first messages.</Empty>
      ) : (
        <Loaded query={query} what="the figures">
          {(figures) => <AllFigures figures={figures as Whole<RunFigures>} />}
        </Loaded>
      )}
    </Container>
  )
}

function AllFigures({ figures }: { figures: Whole<RunFigures> }) {
  const { simulated, total, by_band, by_variant, by_hour, notes } = figures
  return (
    <SpaceBetween size="l">
      {simulated && <Simulated />}
      {notes.map((note) => (
        <Alert key={note} type="info">
          {note}
        </Alert>
      ))}
      <FigureTable label="All recipients" title="People" groups={[{ ...total, group: 'All' }]} />
      <FiguresOverTime hours={by_hour} />
      <Box variant="h3">By churn risk</Box>
      <FigureTable label="By churn risk" title="Churn risk" groups={by_band} />
      <Box variant="h3">By variant</Box>
      <FigureTable label="By variant" title="Variant" groups={by_variant} />
    </SpaceBetween>
  )
}

import Button from '@cloudscape-design/components/button'
import ContentLayout from '@cloudscape-design/components/content-layout'
import Header from '@cloudscape-design/components/header'
import SpaceBetween from '@cloudscape-design/components/space-between'
import { post, useAction } from '../../api/use-action'
import type { RunDetail } from '../../api/schema'
import { useGet } from '../../api/use-get'
import { usePolling } from '../../api/use-polling'
import { hrefOf } from '../../app/route'
import { moment } from '../../format/moments'
import { Loaded } from '../../states/loaded'
import { ProblemAlert } from '../../states/problem-alert'
import { Changes } from './changes'
import { Cost } from './cost'
import { Decision } from './decision'
import { Failure } from './failure'
import { Rejects } from './rejects'
import { RunFacts } from './run-facts'
import { SentWhere } from './sent-where'
import { States } from './states'
import { isUnderWay } from './status'

/** One run: its states live, its rows, what waits for a decision, what it sent, what it cost. */
export function RunPage({ runId }: { runId: string }) {
  const query = useGet('/v1/runs/{run_id}', { run_id: runId })
  const run = query.state === 'ready' ? query.data : undefined
  usePolling(run !== undefined && isUnderWay(run), query.poll, 2)
  return (
    <ContentLayout
      header={
        <Header variant="h1" description={run && `Started ${moment(run.started_at)}`} actions={run && <Actions run={run} />}>
          Run {runId}
        </Header>
      }
    >
      <SpaceBetween size="l">
        <Loaded query={query} what="the run">
          {(detail) => (
            <SpaceBetween size="l">
              {detail.status === 'WAITING' && <Decision run={detail} onDecided={query.reload} />}
              {detail.status === 'WAITING' && <Changes changes={detail.changes} />}
              {detail.failure && <Failure failure={detail.failure} />}
              <RunFacts run={detail} />
              <States states={detail.states} />
              <Rejects runId={runId} rows={detail.rows} />
              {detail.status === 'SUCCEEDED' && <SentWhere run={runId} />}
              {detail.cost && <Cost cost={detail.cost} />}
            </SpaceBetween>
          )}
        </Loaded>
      </SpaceBetween>
    </ContentLayout>
  )
}

function Actions({ run }: { run: RunDetail }) {
  const again = useAction()
  const readAgain = () => void again.run(() => post('/v1/runs', {}, { upload: run.upload }))
  return (
    <SpaceBetween size="xs" direction="horizontal">
      {again.problem && <ProblemAlert problem={again.problem} />}
      {run.upload && !isUnderWay(run) && (
        <Button loading={again.busy} onClick={readAgain}>
          Read the upload again
        </Button>
      )}
      {run.status === 'SUCCEEDED' && (
        <Button variant="primary" href={hrefOf(['overview'], { run: run.run_id })}>
          Show its results
        </Button>
      )}
    </SpaceBetween>
  )
}

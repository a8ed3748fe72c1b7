import Button from '@cloudscape-design/components/button'
import ContentLayout from '@cloudscape-design/components/content-layout'
import Header from '@cloudscape-design/components/header'
import Link from '@cloudscape-design/components/link'
import SpaceBetween from '@cloudscape-design/components/space-between'
import StatusIndicator from '@cloudscape-design/components/status-indicator'
import Table from '@cloudscape-design/components/table'
import { useState } from 'react'
import type { RunState } from '../../api/schema'
import { post, useAction } from '../../api/use-action'
import { useGet } from '../../api/use-get'
import { usePolling } from '../../api/use-polling'
import { hrefOf } from '../../app/route'
import { ABSENT } from '../../format/figures'
import { moment } from '../../format/moments'
import { Empty } from '../../states/empty'
import { Loaded } from '../../states/loaded'
import { ProblemAlert } from '../../states/problem-alert'
import { RunStatus, isUnderWay } from './status'
import { Upload } from './upload'
import { took } from './took'

/** The upload of a file, and the runs, the newest first. */
export function RunList() {
  const runs = useGet('/v1/runs', { limit: 50 })
  const start = useAction()
  // The newest run when another one was asked for: the list is read again until that one appears.
  const [newestBefore, setNewestBefore] = useState<string>()
  const items = runs.state === 'ready' ? runs.data.items : []
  const newest = items[0]?.run_id ?? ''
  const isExpected = newestBefore !== undefined && newest === newestBefore
  usePolling(isExpected || items.some(isUnderWay), runs.poll)
  const expectRun = () => {
    setNewestBefore(newest)
    runs.reload()
  }
  const startRun = () => void start.run(() => post('/v1/runs', {}, {})).then((started) => started && expectRun())
  return (
    <ContentLayout
      header={
        <Header
          variant="h1"
          description="A file starts its run by itself. A run of today moves customers by the time that passed."
          actions={
            <Button loading={start.busy} onClick={startRun}>
              Run today again
            </Button>
          }
        >
          Runs
        </Header>
      }
    >
      <SpaceBetween size="l">
        {start.problem && <ProblemAlert problem={start.problem} />}
        <Upload onUploaded={expectRun} />
        {isExpected && <StatusIndicator type="in-progress">The run begins in a moment.</StatusIndicator>}
        <Loaded query={runs} what="the runs">
          {(list) => <RunTable runs={list.items} />}
        </Loaded>
      </SpaceBetween>
    </ContentLayout>
  )
}

function RunTable({ runs }: { runs: readonly RunState[] }) {
  return (
    <Table<RunState>
      header={<Header variant="h2" counter={`(${runs.length})`}>Runs</Header>}
      items={runs}
      trackBy="run_id"
      empty={<Empty title="No run yet">Upload a file of orders to start the first one.</Empty>}
      columnDefinitions={[
        { id: 'run', header: 'Run', isRowHeader: true, cell: (run) => <Link href={hrefOf(['runs', run.run_id])}>{run.run_id}</Link> },
        { id: 'status', header: 'State', cell: (run) => <RunStatus run={run} /> },
        { id: 'upload', header: 'Upload', cell: (run) => run.upload ?? 'Scheduled' },
        { id: 'started', header: 'Started', cell: (run) => moment(run.started_at) },
        { id: 'took', header: 'Took', cell: took },
        { id: 'decision', header: 'Decision', cell: (run) => (run.decision ? `${run.decision} by ${run.decided_by ?? ABSENT}` : ABSENT) },
      ]}
    />
  )
}

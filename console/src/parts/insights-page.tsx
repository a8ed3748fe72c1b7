import Button from '@cloudscape-design/components/button'
import ContentLayout from '@cloudscape-design/components/content-layout'
import Header from '@cloudscape-design/components/header'
import type { ReactNode } from 'react'
import type { Insights } from '../api/schema'
import { useGet } from '../api/use-get'
import { hrefOf, useRoute } from '../app/route'
import { day } from '../format/moments'
import { Empty } from '../states/empty'
import { Loaded } from '../states/loaded'
import { RunPicker } from './run-picker'

interface Props {
  title: string
  /** What the page answers. */
  intro: ReactNode
  children: (insights: Insights, run: string | undefined) => ReactNode
}

/** A page about one run: its heading, the choice of the run, and what the run says. */
export function InsightsPage({ title, intro, children }: Props) {
  const run = useRoute().query.get('run') ?? undefined
  const query = useGet('/v1/insights', { run })
  const asOf = query.state === 'ready' ? `As of ${day(query.data.as_of)}. ` : ''
  return (
    <ContentLayout
      header={
        <Header variant="h1" description={<>{asOf}{intro}</>} actions={<RunPicker />}>
          {title}
        </Header>
      }
    >
      {query.state === 'refused' && query.problem.status === 404 && !run ? (
        <NoRun />
      ) : (
        <Loaded query={query} what="the run">
          {(insights) => <div className="stack">{children(insights, run)}</div>}
        </Loaded>
      )}
    </ContentLayout>
  )
}

function NoRun() {
  return (
    <Empty
      title="No run has finished yet"
      action={
        <Button href={hrefOf(['runs'])} variant="primary">
          Upload orders
        </Button>
      }
    >
      Upload a file of orders. The first figures are here when its run has finished.
    </Empty>
  )
}

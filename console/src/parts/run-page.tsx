import Button from '@cloudscape-design/components/button'
import ContentLayout from '@cloudscape-design/components/content-layout'
import Header from '@cloudscape-design/components/header'
import type { ReactNode } from 'react'
import type { Query } from '../api/use-get'
import { hrefOf, useRoute } from '../app/route'
import { day } from '../format/moments'
import { Empty } from '../states/empty'
import { Loaded } from '../states/loaded'
import { RunPicker } from './run-picker'

interface Props<T> {
  title: string
  /** What the page answers. */
  intro: ReactNode
  query: Query<T>
  /** What is loaded, in words. */
  what: string
  children: (data: T, run: string | undefined) => ReactNode
}

/** The run that the page shows. Undefined for the latest. */
export function useRun(): string | undefined {
  return useRoute().query.get('run') ?? undefined
}

/** A page about one run: its heading, the choice of the run, and what the API says of it. */
export function RunPage<T extends { as_of: string }>({ title, intro, query, what, children }: Props<T>) {
  const run = useRun()
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
        <Loaded query={query} what={what}>
          {(data) => <div className="stack">{children(data, run)}</div>}
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

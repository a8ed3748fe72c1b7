import type { ReactNode } from 'react'
import type { Insights } from '../api/schema'
import { useGet } from '../api/use-get'
import { RunPage, useRun } from './run-page'

interface Props {
  title: string
  /** What the page answers. */
  intro: ReactNode
  children: (insights: Insights, run: string | undefined) => ReactNode
}

/** A page about one run, by its insights. */
export function InsightsPage({ title, intro, children }: Props) {
  const query = useGet('/v1/insights', { run: useRun() })
  return (
    <RunPage title={title} intro={intro} query={query} what="the run">
      {children}
    </RunPage>
  )
}

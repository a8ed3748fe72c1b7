import { InsightsPage } from '../../parts/insights-page'
import { Empty } from '../../states/empty'
import { SourceTable } from './source-table'

export default function SourcesPage() {
  return (
    <InsightsPage
      title="Are the sources healthy?"
      intro="Each source of uploads against its own history: when it comes, with how many rows, and how many are refused."
    >
      {({ sources = [] }) =>
        sources.length === 0 ? (
          <Empty title="No source is known yet">The next run with an upload begins the history of its source.</Empty>
        ) : (
          <SourceTable sources={sources} now={Date.now()} />
        )
      }
    </InsightsPage>
  )
}

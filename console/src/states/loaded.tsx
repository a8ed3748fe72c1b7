import type { ReactNode } from 'react'
import type { Query } from '../api/use-get'
import { Loading } from './loading'
import { ProblemAlert } from './problem-alert'

/** Shows what was read, or that it is loading, or why it cannot be shown. */
export function Loaded<T>({ query, what, children }: { query: Query<T>; what: string; children: (data: T) => ReactNode }) {
  if (query.state === 'loading') return <Loading what={what} />
  if (query.state === 'refused') return <ProblemAlert problem={query.problem} onRetry={query.reload} />
  return children(query.data)
}

import Alert from '@cloudscape-design/components/alert'
import Box from '@cloudscape-design/components/box'
import Button from '@cloudscape-design/components/button'
import type { Problem } from '../api/problem'

/** A refusal of the API, in its own words. */
export function ProblemAlert({ problem, onRetry }: { problem: Problem; onRetry?: () => void }) {
  const tryAgain = onRetry && problem.status !== 403 && problem.status !== 404
  return (
    <Alert
      type={problem.status === 404 ? 'info' : 'error'}
      header={problem.title}
      action={tryAgain ? <Button onClick={onRetry}>Try again</Button> : undefined}
    >
      {problem.detail}
      {problem.errors.length > 0 && (
        <ul>
          {problem.errors.map((error) => (
            <li key={error.field + error.message}>
              {error.field && <Box variant="code">{error.field}</Box>} {error.message}
            </li>
          ))}
        </ul>
      )}
    </Alert>
  )
}

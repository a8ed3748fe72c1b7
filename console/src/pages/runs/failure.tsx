import Alert from '@cloudscape-design/components/alert'
import type { FailedRun } from '../../api/schema'

/** Why the run failed, and what to do. */
export function Failure({ failure }: { failure: FailedRun }) {
  return (
    <Alert type="error" header={`Failed in ${failure.state}`}>
      {failure.message} {failure.what_to_do}
    </Alert>
  )
}

import Alert from '@cloudscape-design/components/alert'
import Button from '@cloudscape-design/components/button'
import FormField from '@cloudscape-design/components/form-field'
import Input from '@cloudscape-design/components/input'
import SpaceBetween from '@cloudscape-design/components/space-between'
import { useState } from 'react'
import type { Breaker, RunDetail } from '../../api/schema'
import { post, useAction } from '../../api/use-action'
import { count, customers, percent } from '../../format/figures'
import { moment } from '../../format/moments'
import { asSentence } from '../../format/words'
import { causeWords } from '../../parts/causes'
import { ProblemAlert } from '../../states/problem-alert'

/** Why a run is held, and the decision on it. */
export function Decision({ run, onDecided }: { run: RunDetail; onDecided: () => void }) {
  const [why, setWhy] = useState('')
  const action = useAction()
  const decide = (path: '/v1/runs/{run_id}/approve' | '/v1/runs/{run_id}/reject') =>
    void action.run(() => post(path, { run_id: run.run_id }, { why })).then((done) => done && onDecided())
  return (
    <Alert type="warning" header="This run waits for your decision before it sends anything">
      <SpaceBetween size="s">
        <div>{asSentence(run.waits_for ?? '')}</div>
        {run.expected_cost && <div>{run.expected_cost}</div>}
        {run.breaker && <Reasons breaker={run.breaker} />}
        {run.waits_until && <div>It fails by itself on {moment(run.waits_until)}. Earlier results stay in force.</div>}
        <FormField label="Your reason" description="For those who look at the run later.">
          <Input value={why} onChange={({ detail }) => setWhy(detail.value)} />
        </FormField>
        {action.problem && <ProblemAlert problem={action.problem} />}
        <SpaceBetween size="xs" direction="horizontal">
          <Button variant="primary" loading={action.busy} onClick={() => decide('/v1/runs/{run_id}/approve')}>
            Approve and send
          </Button>
          <Button disabled={action.busy} onClick={() => decide('/v1/runs/{run_id}/reject')}>
            Reject
          </Button>
        </SpaceBetween>
      </SpaceBetween>
    </Alert>
  )
}

function Reasons({ breaker }: { breaker: Breaker }) {
  return (
    <div>
      {customers(breaker.changed)} of {count(breaker.customers)} would change segment for other causes than their own
      behaviour or time: {percent(breaker.share)}, and {percent(breaker.limit)} is the limit.
      <ul>
        {breaker.movements.map((move) => (
          <li key={`${move.from ?? ''}-${move.to ?? ''}-${move.cause}`}>
            {move.from ?? 'New'} → {move.to ?? 'left'}: {customers(move.customers)}, {causeWords(move.cause).toLowerCase()}
          </li>
        ))}
      </ul>
    </div>
  )
}

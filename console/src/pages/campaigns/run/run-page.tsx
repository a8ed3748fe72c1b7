import Alert from '@cloudscape-design/components/alert'
import Container from '@cloudscape-design/components/container'
import ContentLayout from '@cloudscape-design/components/content-layout'
import Header from '@cloudscape-design/components/header'
import { useState } from 'react'
import type { CampaignRunDetail } from '../../../api/schema'
import { useGet } from '../../../api/use-get'
import { usePolling } from '../../../api/use-polling'
import { day, moment } from '../../../format/moments'
import { asSentence } from '../../../format/words'
import { destinationTitle } from '../../../parts/destinations'
import { session } from '../../../session/session'
import { Loaded } from '../../../states/loaded'
import { definitionOf } from '../definition'
import { DefinitionFacts } from '../definition-facts'
import { Detectable } from '../detectable'
import { isMoving, RunStatus } from '../states'
import { Approval } from './approval'
import { Doubts } from './doubts'
import { Figures } from './figures'
import { MessageCosts } from './message-costs'
import { Plan } from './plan'
import { Progress } from './progress'
import { RunControls } from './run-controls'
import { Simulate } from './simulate'

const BEFORE_SENDING: readonly CampaignRunDetail['state'][] = ['PLANNING', 'AWAITING_APPROVAL', 'SCHEDULED']

/** One run: its plan, the approval, what is sent so far, what is in doubt, and what came back. */
export function RunPage({ run }: { run: string }) {
  const query = useGet('/v1/campaign-runs/{campaign_run}', { campaign_run: run })
  const detail = query.state === 'ready' ? query.data : undefined
  usePolling(detail !== undefined && isMoving(detail.state), query.poll)
  return (
    <ContentLayout
      header={
        <Header
          variant="h1"
          description={detail && `For ${day(detail.day)}. Asked for by ${detail.asked_by} on ${moment(detail.asked_at)}.`}
          actions={detail && <RunControls run={detail} onChanged={query.reload} />}
        >
          Run {run}
        </Header>
      }
    >
      <Loaded query={query} what="the run">
        {(one) => (
          <div className="stack">
            <div aria-live="polite">
              <RunStatus state={one.state} />
            </div>
            {(one.problem || one.stuck) && (
              <Alert type="warning" header="It does not move">
                {asSentence(one.problem || one.stuck)}
              </Alert>
            )}
            {one.reason && <Alert type={one.state === 'FAILED' ? 'error' : 'info'}>{asSentence(one.reason)}</Alert>}
            {one.state === 'AWAITING_APPROVAL' && <BeforeSending run={one} onApproved={query.reload} />}
            {!BEFORE_SENDING.includes(one.state) && <Sent run={one} onChanged={query.reload} />}
            {one.audience && <Plan run={one} audience={one.audience} />}
            <Container header={<Header variant="h2" description="Frozen when the run was asked for.">What it sends</Header>}>
              <DefinitionFacts definition={definitionOf(one.definition)} />
            </Container>
          </div>
        )}
      </Loaded>
    </ContentLayout>
  )
}

/** The approval, and what the run could show. A transactional message is not measured. */
function BeforeSending({ run, onApproved }: { run: CampaignRunDetail; onApproved: () => void }) {
  const definition = definitionOf(run.definition)
  const people = run.audience ? run.audience.eligible + run.audience.held_out : 0
  return (
    <>
      <Approval run={run} onApproved={onApproved} />
      {people > 0 && definition.holdout.share > 0 && <Detectable people={people} definition={definition} isOpen={false} />}
    </>
  )
}

/** What was sent, what is in doubt, and what came back. */
function Sent({ run, onChanged }: { run: CampaignRunDetail; onChanged: () => void }) {
  const [simulations, setSimulations] = useState(0) // another one gives other figures
  const { kind, to } = definitionOf(run.definition).channel
  if (kind === 'audience') {
    return <Alert type="info">{destinationTitle(to)} has the people and sends its own messages. Only the result is measured here.</Alert>
  }
  return (
    <>
      {run.tally && <Progress tally={run.tally} />}
      <Doubts run={run} onReleased={onChanged} />
      {session().isLocal && <Simulate run={run.run_id} onSimulated={() => setSimulations(simulations + 1)} />}
      <Figures key={simulations} run={run.run_id} isMoving={isMoving(run.state)} />
      {run.cost && <MessageCosts cost={run.cost} />}
    </>
  )
}

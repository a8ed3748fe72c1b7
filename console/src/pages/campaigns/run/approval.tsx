import Alert from '@cloudscape-design/components/alert'
import Button from '@cloudscape-design/components/button'
import SpaceBetween from '@cloudscape-design/components/space-between'
import { useState } from 'react'
import type { CampaignRunDetail } from '../../../api/schema'
import { post } from '../../../api/use-action'
import { count } from '../../../format/figures'
import { moment } from '../../../format/moments'
import { asSentence } from '../../../format/words'
import { FormDialog } from '../../../parts/form-dialog'
import { definitionOf } from '../definition'
import { stopWords, whenWords } from '../in-words'
import { zoneName } from '../zone-name'

interface Props {
  run: CampaignRunDetail
  onApproved: () => void
}

/** The decision before anything leaves, with all that it means. */
export function Approval({ run, onApproved }: Props) {
  const [asks, setAsks] = useState(false)
  const people = count(run.audience?.eligible)
  return (
    <Alert
      type="warning"
      header="Nothing is sent before you approve this run"
      action={
        <Button variant="primary" onClick={() => setAsks(true)}>
          Approve…
        </Button>
      }
    >
      Look at the plan below. Cancel the run if it is not what you want.
      {asks && (
        <FormDialog
          title={`Send to ${people} people?`}
          submit={`Approve and send to ${people}`}
          onSubmit={() => post('/v1/campaign-runs/{campaign_run}/approve', { campaign_run: run.run_id }, undefined).then(onApproved)}
          onCancel={() => setAsks(false)}
        >
          <Summary run={run} />
        </FormDialog>
      )}
    </Alert>
  )
}

function Summary({ run }: { run: CampaignRunDetail }) {
  if (!run.audience) return null
  const { eligible, held_out } = run.audience
  const omitted = run.audience.omitted.filter(({ people }) => people > 0)
  const sum = omitted.reduce((all, one) => all + one.people, 0)
  return (
    <SpaceBetween size="s">
      <div>
        <strong>{count(eligible)}</strong> people get a message. <strong>{count(held_out)}</strong> are held out: they would get it, and
        get nothing, so that the campaign can be measured.
      </div>
      <div>
        <strong>{count(sum)}</strong> of the audience are omitted{omitted.length > 0 ? ':' : '.'}
        <ul>
          {omitted.map(({ reason, meaning, people }) => (
            <li key={reason}>
              {count(people)}: {asSentence(meaning)}
            </li>
          ))}
        </ul>
      </div>
      <div>{whenWords(definitionOf(run.definition))}</div>
      <div>
        The first message leaves on {moment(run.starts_at)} in your time zone, {zoneName()}. What is not sent by {moment(run.deadline)}{' '}
        is not sent.
      </div>
      <div>
        What stops it:
        <ul>
          {stopWords(definitionOf(run.definition)).slice(1).map((sentence) => (
            <li key={sentence}>{sentence}</li>
          ))}
        </ul>
      </div>
    </SpaceBetween>
  )
}

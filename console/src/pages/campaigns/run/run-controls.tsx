import Button from '@cloudscape-design/components/button'
import FormField from '@cloudscape-design/components/form-field'
import Input from '@cloudscape-design/components/input'
import SpaceBetween from '@cloudscape-design/components/space-between'
import { useState } from 'react'
import type { CampaignRunDetail } from '../../../api/schema'
import { post, useAction } from '../../../api/use-action'
import { FormDialog } from '../../../parts/form-dialog'
import { ProblemAlert } from '../../../states/problem-alert'

type State = CampaignRunDetail['state']

const CANCELLABLE: readonly State[] = ['PLANNING', 'AWAITING_APPROVAL', 'SCHEDULED', 'SENDING', 'PAUSED']

interface Props {
  run: CampaignRunDetail
  onChanged: () => void
}

/** Pauses, resumes or cancels a run, as its state permits. */
export function RunControls({ run, onChanged }: Props) {
  const [asks, setAsks] = useState<'pause' | 'cancel'>()
  const resume = useAction()
  const resumeNow = () => void resume.run(() => post('/v1/campaign-runs/{campaign_run}/resume', { campaign_run: run.run_id }, undefined)).then(onChanged)
  const close = () => setAsks(undefined)
  const done = () => {
    close()
    onChanged()
  }
  return (
    <SpaceBetween size="xs" direction="horizontal">
      {resume.problem && <ProblemAlert problem={resume.problem} />}
      {run.state === 'SENDING' && <Button onClick={() => setAsks('pause')}>Pause</Button>}
      {run.state === 'PAUSED' && (
        <Button variant="primary" loading={resume.busy} onClick={resumeNow}>
          Resume
        </Button>
      )}
      {CANCELLABLE.includes(run.state) && <Button onClick={() => setAsks('cancel')}>Cancel the run</Button>}
      {asks && <Asking what={asks} run={run.run_id} onDone={done} onCancel={close} />}
    </SpaceBetween>
  )
}

const ASKED = {
  pause: {
    title: 'Pause the run',
    submit: 'Pause',
    words: 'Sending stops within the chunk that is under way, at most 500 messages. You can resume until the deadline.',
    path: '/v1/campaign-runs/{campaign_run}/pause',
  },
  cancel: {
    title: 'Cancel the run',
    submit: 'Cancel the run',
    words: 'It stops for good. What is sent stays sent, and the result of these messages is measured.',
    path: '/v1/campaign-runs/{campaign_run}/cancel',
  },
} as const

interface AskingProps {
  what: keyof typeof ASKED
  run: string
  onDone: () => void
  onCancel: () => void
}

function Asking({ what, run, onDone, onCancel }: AskingProps) {
  const [reason, setReason] = useState('')
  const { title, submit, words, path } = ASKED[what]
  return (
    <FormDialog
      title={title}
      submit={submit}
      onSubmit={() => post(path, { campaign_run: run }, { why: reason }).then(onDone)}
      onCancel={onCancel}
    >
      <div>{words}</div>
      <FormField label="Your reason" description="For those who look at the run later.">
        <Input value={reason} onChange={({ detail }) => setReason(detail.value)} />
      </FormField>
    </FormDialog>
  )
}

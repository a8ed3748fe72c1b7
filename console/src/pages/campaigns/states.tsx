import StatusIndicator, { type StatusIndicatorProps } from '@cloudscape-design/components/status-indicator'
import type { CampaignFacts } from '../../api/schema'

export type CampaignState = CampaignFacts['state']
export type RunState = NonNullable<CampaignFacts['last_run_state']>

interface Look {
  type: StatusIndicatorProps.Type
  text: string
}

const CAMPAIGNS: Readonly<Record<CampaignState, Look>> = {
  draft: { type: 'pending', text: 'By request' },
  active: { type: 'in-progress', text: 'Active' },
  ended: { type: 'stopped', text: 'Ended' },
}

const RUNS: Readonly<Record<RunState, Look>> = {
  PLANNING: { type: 'in-progress', text: 'Planning' },
  AWAITING_APPROVAL: { type: 'pending', text: 'Waits for you' },
  SCHEDULED: { type: 'pending', text: 'Approved, waits for its time' },
  SENDING: { type: 'in-progress', text: 'Sending' },
  PAUSED: { type: 'warning', text: 'Paused' },
  SETTLING: { type: 'in-progress', text: 'Settling doubts' },
  MEASURING: { type: 'in-progress', text: 'Sent, being measured' },
  FINISHED: { type: 'success', text: 'Finished' },
  CANCELLED: { type: 'stopped', text: 'Cancelled' },
  FAILED: { type: 'error', text: 'Failed' },
}

export function CampaignStatus({ state }: { state: CampaignState }) {
  return <StatusIndicator type={CAMPAIGNS[state].type}>{CAMPAIGNS[state].text}</StatusIndicator>
}

export function RunStatus({ state }: { state: RunState }) {
  return <StatusIndicator type={RUNS[state].type}>{RUNS[state].text}</StatusIndicator>
}

const MOVING: readonly RunState[] = ['PLANNING', 'SCHEDULED', 'SENDING', 'SETTLING']

/** Whether the run changes by itself within minutes. */
export const isMoving = (state: RunState): boolean => MOVING.includes(state)

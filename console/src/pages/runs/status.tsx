import StatusIndicator, { type StatusIndicatorProps } from '@cloudscape-design/components/status-indicator'
import type { RunState } from '../../api/schema'

const STATES: Readonly<Record<RunState['status'], { type: StatusIndicatorProps.Type; text: string }>> = {
  QUEUED: { type: 'pending', text: 'Waits for its turn' },
  RUNNING: { type: 'in-progress', text: 'Running' },
  WAITING: { type: 'pending', text: 'Waits for you' },
  SUCCEEDED: { type: 'success', text: 'Finished' },
  FAILED: { type: 'error', text: 'Failed' },
}

export function RunStatus({ run }: { run: RunState }) {
  const { type, text } = STATES[run.status]
  return <StatusIndicator type={type}>{text}</StatusIndicator>
}

export const isUnderWay = (run: RunState): boolean => ['QUEUED', 'RUNNING', 'WAITING'].includes(run.status)

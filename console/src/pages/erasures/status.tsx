import StatusIndicator, { type StatusIndicatorProps } from '@cloudscape-design/components/status-indicator'
import type { ErasureCase } from '../../api/schema'

const STATES: Readonly<Record<ErasureCase['state'], { type: StatusIndicatorProps.Type; text: string }>> = {
  waiting: { type: 'pending', text: 'Waits for its turn' },
  working: { type: 'in-progress', text: 'At work' },
  open: { type: 'warning', text: 'A part is left' },
  complete: { type: 'success', text: 'Complete' },
  refused: { type: 'error', text: 'Refused' },
}

export function ErasureStatus({ state }: { state: ErasureCase['state'] }) {
  const { type, text } = STATES[state]
  return <StatusIndicator type={type}>{text}</StatusIndicator>
}

export const isUnderWay = ({ state }: ErasureCase): boolean => state === 'waiting' || state === 'working'

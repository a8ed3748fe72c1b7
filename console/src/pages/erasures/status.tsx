import StatusIndicator, { type StatusIndicatorProps } from '@cloudscape-design/components/status-indicator'
import type { ErasureCase } from '../../api/schema'
import { moment } from '../../format/moments'

const STATES: Readonly<Record<ErasureCase['state'], { type: StatusIndicatorProps.Type; text: string }>> = {
  waiting: { type: 'pending', text: 'Waits for its turn' },
  working: { type: 'in-progress', text: 'At work' },
  open: { type: 'warning', text: 'A part is left' },
  complete: { type: 'success', text: 'Complete' },
  refused: { type: 'error', text: 'Refused' },
}

/** How far a case is. One that only waits for another search says until when it is open. */
export function ErasureStatus({ of: { state, open_until: until } }: { of: ErasureCase }) {
  if (until) return <StatusIndicator type="pending">Open until {moment(until)}</StatusIndicator>
  const { type, text } = STATES[state]
  return <StatusIndicator type={type}>{text}</StatusIndicator>
}

export const isUnderWay = ({ state }: ErasureCase): boolean => state === 'waiting' || state === 'working'

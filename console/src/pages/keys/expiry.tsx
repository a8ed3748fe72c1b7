import StatusIndicator from '@cloudscape-design/components/status-indicator'
import { moment } from '../../format/moments'

/** When a key ends, and whether it has. */
export function Expiry({ at }: { at: string }) {
  const isOver = Date.parse(at) < Date.now()
  return <StatusIndicator type={isOver ? 'stopped' : 'success'}>{moment(at)}</StatusIndicator>
}

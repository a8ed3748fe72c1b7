import Popover from '@cloudscape-design/components/popover'
import StatusIndicator from '@cloudscape-design/components/status-indicator'

/** Stands where a forecast would, and says why it is not shown. */
export function Withheld({ reason, label = 'Withheld' }: { reason: string | null | undefined; label?: string }) {
  const mark = (
    <StatusIndicator type="info" colorOverride="grey">
      {label}
    </StatusIndicator>
  )
  if (!reason) return mark
  return (
    <Popover header="Why is this forecast withheld?" content={reason} triggerType="text" dismissAriaLabel="Close">
      {mark}
    </Popover>
  )
}

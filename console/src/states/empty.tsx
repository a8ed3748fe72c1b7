import Box from '@cloudscape-design/components/box'
import SpaceBetween from '@cloudscape-design/components/space-between'
import type { ReactNode } from 'react'

/** Nothing to show: says why, and what to do about it. */
export function Empty({ title, children, action }: { title: string; children?: ReactNode; action?: ReactNode }) {
  return (
    <Box textAlign="center" padding={{ vertical: 'xl', horizontal: 'l' }}>
      <SpaceBetween size="xs">
        <Box variant="strong">{title}</Box>
        {children && <Box color="text-body-secondary">{children}</Box>}
        {action}
      </SpaceBetween>
    </Box>
  )
}

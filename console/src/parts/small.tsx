import Box from '@cloudscape-design/components/box'
import type { ReactNode } from 'react'

/** What is to be known of the figure above it, small and on its own line. */
export function Small({ children }: { children: ReactNode }) {
  return (
    <Box variant="small" display="block" color="text-body-secondary">
      {children}
    </Box>
  )
}

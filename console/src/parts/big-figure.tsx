import Box from '@cloudscape-design/components/box'
import type { ReactNode } from 'react'
import { Small } from './small'

/** A figure that stands on its own, with a note below it. */
export function BigFigure({ children, note }: { children: ReactNode; note?: string }) {
  return (
    <>
      <Box variant="awsui-value-large">
        <span className="figures">{children}</span>
      </Box>
      {note && (
        <Small>{note}</Small>
      )}
    </>
  )
}

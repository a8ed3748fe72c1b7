import SpaceBetween from '@cloudscape-design/components/space-between'
import { useState } from 'react'
import type { RunDetail } from '../../api/schema'
import { Breakdown } from '../../parts/breakdown'
import { SetSelect } from '../../parts/set-select'

/** What a run that waits would change: each segment of a set, before and after. */
export function Changes({ changes }: { changes: RunDetail['changes'] }) {
  const [set, setSet] = useState('rfm')
  const flows = changes[set]
  if (!flows) return null
  return (
    <SpaceBetween size="s">
      <SetSelect sets={changes} set={set} onChange={setSet} />
      <Breakdown set={set} flows={flows} />
    </SpaceBetween>
  )
}

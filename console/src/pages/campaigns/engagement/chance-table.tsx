import Box from '@cloudscape-design/components/box'
import StatusIndicator from '@cloudscape-design/components/status-indicator'
import type { ReactionChance } from '../../../api/schema'
import { ABSENT, count, percent } from '../../../format/figures'
import { PlainTable } from '../../../parts/plain-table'
import { Small } from '../../../parts/small'
import { REACTIONS } from './reactions'

/** The chance of each reaction, and whether a person's own may be used. */
export function ChanceTable({ chances }: { chances: readonly ReactionChance[] }) {
  return (
    <section aria-label="Chances">
      <Box variant="h3">Chance to react to the next message</Box>
      <PlainTable<ReactionChance>
        label="Chances"
        items={chances}
        trackBy="reaction"
        columns={[
          { id: 'reaction', header: 'Chance to', isRowHeader: true, minWidth: 110, cell: (one) => REACTIONS[one.reaction] },
          { id: 'verdict', header: 'For each person', minWidth: 170, cell: (one) => <Verdict chance={one} /> },
          { id: 'share', header: 'Of the latest messages', minWidth: 130, cell: ({ share }) => (typeof share === 'number' ? percent(share) : ABSENT) },
          { id: 'people', header: 'Judged on', minWidth: 110, cell: ({ people }) => `${count(people)} people` },
          { id: 'reason', header: 'Why', minWidth: 260, cell: (one) => one.reason },
        ]}
      />
    </section>
  )
}

function Verdict({ chance: { decision, prior } }: { chance: ReactionChance }) {
  const isOwn = decision === 'publish'
  const begin = prior ? `Begins at ${percent(prior.mean)}, which counts as ${count(prior.strength, 1)} messages` : ''
  return (
    <>
      <StatusIndicator type={isOwn ? 'success' : 'info'}>{isOwn ? 'Own chance' : 'Withheld'}</StatusIndicator>
      <Small>{isOwn ? begin : 'Everybody counts as alike'}</Small>
    </>
  )
}

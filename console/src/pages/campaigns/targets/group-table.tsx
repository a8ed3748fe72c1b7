import Box from '@cloudscape-design/components/box'
import type { TargetGroup, TargetLimit } from '../../../api/schema'
import { count, gain } from '../../../format/figures'
import { Interval } from '../../../parts/interval'
import { PlainTable } from '../../../parts/plain-table'
import { conditionWords } from '../condition-words'

interface Props {
  groups: readonly TargetGroup[]
  currency: string
}

/** Groups of customers, the one that reacts most first. */
export function GroupTable({ groups, currency }: Props) {
  return (
    <section aria-label="Groups by reaction">
      <Box variant="h3">Groups, the best first</Box>
      <PlainTable<TargetGroup>
        label="Groups by reaction"
        items={groups}
        trackBy={(group) => limitWords(group.limits)}
        columns={[
          { id: 'who', header: 'Who', isRowHeader: true, minWidth: 220, cell: (group) => limitWords(group.limits) },
          {
            id: 'effect',
            header: 'Extra revenue for each person written to',
            minWidth: 200,
            cell: ({ effect, low, high }) => <Interval value={gain(effect, currency)} low={gain(low, currency)} high={gain(high, currency)} />,
          },
          { id: 'customers', header: 'Customers now', minWidth: 110, cell: (group) => count(group.customers) },
          { id: 'people', header: 'Learnt from', minWidth: 110, cell: (group) => `${count(group.people)} people` },
        ]}
      />
    </section>
  )
}

/** A group's limits, such as "Days since last order is below 60". */
export function limitWords(limits: readonly TargetLimit[]): string {
  const words = limits
    .map(({ column, low, below }) => conditionWords({ column, ...(low !== null && { from: low }), ...(below !== null && { below }) }))
    .join(' and ')
  return words ? words.charAt(0).toUpperCase() + words.slice(1) : 'Everybody'
}

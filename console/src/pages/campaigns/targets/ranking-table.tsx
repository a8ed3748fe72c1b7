import Box from '@cloudscape-design/components/box'
import type { RankingGain } from '../../../api/schema'
import { gain } from '../../../format/figures'
import { Interval } from '../../../parts/interval'
import { PlainTable } from '../../../parts/plain-table'

const WAYS: Readonly<Record<string, string>> = {
  'random choice': 'As many, chosen by chance',
  'churn risk': 'As many, those with the highest churn risk first',
}

interface Props {
  rankings: readonly RankingGain[]
  currency: string
}

/** How much better the groups are than other ways to choose. */
export function RankingTable({ rankings, currency }: Props) {
  return (
    <section aria-label="Against other ways to choose">
      <Box variant="h3">Against other ways to choose</Box>
      <Box color="text-body-secondary">
        What choosing by these groups adds, in revenue for each person of the audience. It is the area between two Qini curves: the mean over all
        sizes of the choice, on people that the groups were not learnt from.
      </Box>
      <PlainTable<RankingGain>
        label="Against other ways to choose"
        items={rankings}
        trackBy="against"
        columns={[
          { id: 'against', header: 'Instead of', isRowHeader: true, minWidth: 180, cell: (one) => WAYS[one.against] ?? one.against },
          {
            id: 'area',
            header: 'The groups add',
            minWidth: 200,
            cell: ({ area, low, high }) => <Interval value={gain(area, currency, 3)} low={gain(low, currency, 3)} high={gain(high, currency, 3)} />,
          },
        ]}
      />
    </section>
  )
}

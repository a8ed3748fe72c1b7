import Alert from '@cloudscape-design/components/alert'
import Box from '@cloudscape-design/components/box'
import Container from '@cloudscape-design/components/container'
import Header from '@cloudscape-design/components/header'
import Spinner from '@cloudscape-design/components/spinner'
import type { EmptyCells, LabelCount } from '../../api/schema'
import { count, money, percent } from '../../format/figures'
import { day } from '../../format/moments'
import { columnWords } from '../../parts/columns'
import { PlainTable } from '../../parts/plain-table'
import type { Counted } from './use-count'

const MOST_SEGMENTS = 4

/** What the definition comes to with the customers of the latest run. */
export function LiveCount({ counted, currency }: { counted: Counted; currency: string }) {
  const description = counted.state === 'counted' ? `With the customers of ${day(counted.asOf)}.` : undefined
  return (
    <Container header={<Header variant="h2" description={description}>Live count</Header>}>
      <div aria-live="polite">
        {counted.state === 'counting' && (
          <Box color="text-body-secondary">
            <Spinner /> Counting…
          </Box>
        )}
        {counted.state === 'refused' && (
          <Alert type="info" header="The definition is not complete yet">
            {counted.problem.detail}
          </Alert>
        )}
        {counted.state === 'counted' && <Counts labels={counted.labels} currency={currency} />}
        {counted.state === 'counted' && <WithoutValue empty={counted.empty} />}
      </div>
    </Container>
  )
}

function Counts({ labels, currency }: { labels: readonly LabelCount[]; currency: string }) {
  const all = Math.max(1, labels.reduce((sum, one) => sum + one.customers, 0))
  return (
    <PlainTable<LabelCount>
      label="Customers by label"
      items={labels}
      trackBy="label"
      columns={[
        { id: 'label', header: 'Label', isRowHeader: true, cell: (one) => one.label },
        {
          id: 'customers',
          header: 'Customers',
          cell: (one) => (
            <>
              {count(one.customers)} <span className="muted">{percent(one.customers / all)}</span>
            </>
          ),
        },
        { id: 'money', header: 'Money', cell: (one) => money(one.monetary, currency) },
        { id: 'overlap', header: 'Overlap with segments', minWidth: 240, cell: (one) => overlapOf(one) },
      ]}
    />
  )
}

/** How many customers have no value in a column. They meet no condition over it. */
function WithoutValue({ empty }: { empty: readonly EmptyCells[] }) {
  return empty.map(({ column, customers }) => (
    <Box key={column} color="text-body-secondary" padding={{ top: 's' }}>
      {columnWords(column)}: {count(customers)} {customers === 1 ? 'customer has' : 'customers have'} no value. No condition
      over it holds for them.
    </Box>
  ))
}

/** The largest segments of a label's customers, in words. */
function overlapOf({ segments, customers }: LabelCount): string {
  const largest = Object.entries(segments)
    .toSorted(([, first], [, second]) => second - first)
    .slice(0, MOST_SEGMENTS)
    .map(([segment, size]) => `${segment} ${percent(size / Math.max(1, customers), 0)}`)
  return largest.length > 0 ? largest.join(', ') : '–'
}

import Box from '@cloudscape-design/components/box'
import Button from '@cloudscape-design/components/button'
import Link from '@cloudscape-design/components/link'
import SpaceBetween from '@cloudscape-design/components/space-between'
import Table, { type TableProps } from '@cloudscape-design/components/table'
import type { ReactElement } from 'react'
import type { CustomerProfile } from '../api/schema'
import type { CustomerPages } from '../api/use-customers'
import { hrefOf } from '../app/route'
import { ABSENT, count, money, percent } from '../format/figures'
import { day } from '../format/moments'
import { Empty } from '../states/empty'
import { ProblemAlert } from '../states/problem-alert'

interface Props {
  pages: CustomerPages
  header: ReactElement
  currency: string
  run: string | undefined
  /** Whether all are of one segment, which then needs no column. */
  isOneSegment?: boolean
}

/** Customers by their pseudonym, a page after another. */
export function CustomerTable({ pages, header, currency, run, isOneSegment }: Props) {
  return (
    <SpaceBetween size="s">
      {pages.problem && <ProblemAlert problem={pages.problem} />}
      <Table<CustomerProfile>
        header={header}
        contentDensity="compact"
        items={pages.items}
        trackBy="customer_key"
        loading={pages.loading && pages.items.length === 0}
        loadingText="Loading customers"
        empty={<Empty title="No customers">Nobody matches.</Empty>}
        columnDefinitions={columnsOf(currency, run).filter((column) => !isOneSegment || column.id !== 'segment')}
        footer={
          pages.more && (
            <Box textAlign="center">
              <Button onClick={pages.more} loading={pages.loading}>
                Show more
              </Button>
            </Box>
          )
        }
      />
    </SpaceBetween>
  )
}

function columnsOf(currency: string, run: string | undefined): TableProps.ColumnDefinition<CustomerProfile>[] {
  return [
    {
      id: 'key',
      header: 'Customer',
      isRowHeader: true,
      cell: (one) => <Link href={hrefOf(['customers', one.customer_key], { run })}>{one.customer_key.slice(0, 8)}</Link>,
    },
    { id: 'segment', header: 'Segment', cell: (one) => one.segment || ABSENT },
    { id: 'value', header: 'Value', cell: (one) => one.value_tier ?? ABSENT },
    { id: 'risk', header: 'Churn risk', cell: (one) => one.churn_band ?? ABSENT },
    { id: 'orders', header: 'Orders', cell: (one) => count(one.frequency) },
    { id: 'money', header: 'Money', cell: (one) => money(one.monetary, currency, 2) },
    { id: 'last', header: 'Last order', cell: (one) => day(one.last_purchase_at) },
    { id: 'chance', header: 'No order in 90 days', cell: (one) => percent(one.p_no_order_90d, 0) },
  ]
}

import Container from '@cloudscape-design/components/container'
import Header from '@cloudscape-design/components/header'
import type { BoughtProduct } from '../../api/schema'
import { count, days } from '../../format/figures'
import { PlainTable, type Column } from '../../parts/plain-table'

const SHOWN = 20

/** What the customer bought, the latest first. */
export function CustomerProducts({ products }: { products: readonly BoughtProduct[] }) {
  return (
    <Container
      header={
        <Header variant="h2" description="The latest first. Days are counted to the run's day.">
          Products bought
        </Header>
      }
    >
      <PlainTable<BoughtProduct>
        label="Products bought"
        items={products.slice(0, SHOWN)}
        trackBy="product"
        columns={COLUMNS}
      />
    </Container>
  )
}

const COLUMNS: Column<BoughtProduct>[] = [
  {
    id: 'product',
    header: 'Product',
    isRowHeader: true,
    cell: ({ product, name, category }) => (
      <>
        {name ?? product} {name && name !== product && <span className="muted">{product}</span>}
        {category && <span className="muted"> {category}</span>}
      </>
    ),
  },
  { id: 'lines', header: 'Order rows', cell: ({ lines }) => count(lines) },
  { id: 'last', header: 'Last bought', cell: (one) => `${days(one.last_days_ago)} ago` },
  { id: 'first', header: 'First bought', cell: (one) => `${days(one.first_days_ago)} ago` },
]

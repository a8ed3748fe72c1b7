import type { Product } from '../../api/schema'
import { count, money, percent } from '../../format/figures'
import { PlainTable, type Column } from '../../parts/plain-table'
import { nameOf } from './ranking'

interface Props {
  products: readonly Product[]
  currency: string
}

/** Products in numbers. */
export function ProductTable({ products, currency }: Props) {
  return (
    <PlainTable<Product>
      label="Products"
      items={products}
      trackBy={(product) => `${product.code ?? ''}\n${product.name ?? ''}`}
      columns={[NAME, ...columns(currency)]}
    />
  )
}

const NAME: Column<Product> = {
  id: 'name',
  header: 'Product',
  isRowHeader: true,
  cell: (product) => (
    <>
      {nameOf(product)} {product.name && product.code && <span className="muted">{product.code}</span>}
      {product.category && <span className="muted"> {product.category}</span>}
    </>
  ),
}

const columns = (currency: string): Column<Product>[] => [
  {
    id: 'money',
    header: 'Money',
    cell: (product) => (
      <span className="share">
        {money(product.money, currency)} <span className="muted">{percent(product.money_share)}</span>
      </span>
    ),
  },
  { id: 'buyers', header: 'Buyers', cell: (product) => count(product.buyers) },
  { id: 'repeat', header: 'Bought it again', cell: (product) => percent(product.repeat_rate, 0) },
  { id: 'first', header: 'In first orders', cell: (product) => count(product.first_buyers) },
  { id: 'returned', header: 'Given back', cell: (product) => money(product.returned, currency) },
]

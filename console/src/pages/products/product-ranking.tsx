import Container from '@cloudscape-design/components/container'
import Header from '@cloudscape-design/components/header'
import SegmentedControl from '@cloudscape-design/components/segmented-control'
import SpaceBetween from '@cloudscape-design/components/space-between'
import { useState } from 'react'
import type { Products } from '../../api/schema'
import { count, customers, money } from '../../format/figures'
import { DownloadCsv } from '../../parts/download-csv'
import { ProductChart } from './product-chart'
import { ProductTable } from './product-table'
import { firstBy, type Measure } from './ranking'

const MEASURES: { id: Measure; text: string }[] = [
  { id: 'money', text: 'By money' },
  { id: 'buyers', text: 'By buyers' },
]

interface Props {
  products: Products
  currency: string
  run: string | undefined
}

/** The first products by money or by buyers, as a chart and a table. */
export function ProductRanking({ products, currency, run }: Props) {
  const [measure, setMeasure] = useState<Measure>('money')
  const shown = firstBy(measure, products.items)
  return (
    <Container
      header={
        <Header
          variant="h2"
          description={`${count(products.count)} products, bought by ${customers(products.buyers)} for ${money(products.money, currency)}. Rows without a product: ${money(products.without, currency)}.`}
          actions={
            <SpaceBetween direction="horizontal" size="xs">
              <SegmentedControl
                label="Order"
                selectedId={measure}
                options={MEASURES}
                onChange={({ detail }) => setMeasure(detail.selectedId as Measure)}
              />
              <DownloadCsv path="/v1/products" parameters={{ run }} name="products.csv" />
            </SpaceBetween>
          }
        >
          {measure === 'money' ? 'Products that brought most money' : 'Products with most buyers'}
        </Header>
      }
    >
      <SpaceBetween size="m">
        <ProductChart products={shown} measure={measure} currency={currency} />
        <ProductTable products={shown} currency={currency} />
      </SpaceBetween>
    </Container>
  )
}

import { useGet } from '../../api/use-get'
import { RunPage, useRun } from '../../parts/run-page'
import { Empty } from '../../states/empty'
import { NextProductsSection } from './next-products'
import { ProductRanking } from './product-ranking'

/** What customers buy, or why that is not known. */
export default function ProductsPage() {
  const query = useGet('/v1/products', { run: useRun() })
  return (
    <RunPage title="Products" intro="What do customers buy, and what do they buy again?" query={query} what="products">
      {({ products, next_products: next, reason, currency }, run) =>
        products ? (
          <div className="stack">
            <ProductRanking products={products} currency={currency} run={run} />
            {next && <NextProductsSection made={next} />}
          </div>
        ) : (
          <Empty title="No products to show">{reason}</Empty>
        )
      }
    </RunPage>
  )
}

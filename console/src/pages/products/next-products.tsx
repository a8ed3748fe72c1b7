import Box from '@cloudscape-design/components/box'
import Container from '@cloudscape-design/components/container'
import Header from '@cloudscape-design/components/header'
import SpaceBetween from '@cloudscape-design/components/space-between'
import type { GroupCategory, GroupProduct, NextProducts, ProductNeighbours, Recommender } from '../../api/schema'
import { count, customers, percent } from '../../format/figures'
import { PlainTable, type Column } from '../../parts/plain-table'

interface Named {
  product: string
  name?: string | null
  category?: string | null
}

interface Figured {
  share: number
  times: number
}

const textOf = ({ product, name, category }: Named): string =>
  category ? `${name ?? product} (${category})` : (name ?? product)

/** What customers are likely to buy next, what segments buy, and what is bought together. */
export function NextProductsSection({ made }: { made: NextProducts }) {
  const segments = Object.entries(made.segments ?? {}).map(([segment, products]) => ({ segment, products }))
  const categories = Object.entries(made.categories ?? {}).map(([segment, kinds]) => ({ segment, kinds }))
  return (
    <>
      <Container header={<Header variant="h2">Next products</Header>}>
        <SpaceBetween size="m">
          <Box>{verdict(made)}</Box>
          {made.reasons.map((reason) => (
            <Box key={reason}>{reason}</Box>
          ))}
          {made.test && (
            <PlainTable<Way>
              label="Test of recommendations"
              items={[
                { name: 'What the customer bought', way: made.test.learnt },
                { name: 'Most popular', way: made.test.popular },
                { name: 'Most popular lately', way: made.test.lately },
              ]}
              trackBy="name"
              columns={WAYS}
            />
          )}
        </SpaceBetween>
      </Container>
      {segments.length > 0 && (
        <Container
          header={
            <Header
              variant="h2"
              description="Products with most buyers. Beside each: the share of the segment's buyers, and how often that is the share of all buyers."
            >
              What each segment buys
            </Header>
          }
        >
          <PlainTable<SegmentProducts>
            label="Products by segment"
            items={segments}
            trackBy="segment"
            columns={SEGMENTS}
          />
          {categories.length > 0 && (
            <PlainTable<SegmentCategories>
              label="Categories by segment"
              items={categories}
              trackBy="segment"
              columns={CATEGORIES}
            />
          )}
        </Container>
      )}
      {made.together && made.together.length > 0 && (
        <Container
          header={
            <Header variant="h2" description="What buyers of the top products buy too, nearest first.">
              Bought together
            </Header>
          }
        >
          <PlainTable<ProductNeighbours>
            label="Bought together"
            items={made.together}
            trackBy="product"
            columns={TOGETHER}
          />
        </Container>
      )}
    </>
  )
}

const verdict = (made: NextProducts): string => {
  const counted = `${customers(made.buyers)} bought ${count(made.products)} products, of which ${count(made.on_sale)} had a new buyer within 180 days.`
  return made.published
    ? `${counted} Each customer has up to ten recommendations, none of which the customer bought before.`
    : `${counted} No recommendations are published.`
}

interface Way {
  name: string
  way: Recommender
}

const WAYS: Column<Way>[] = [
  { id: 'name', header: 'Ten products recommended by', isRowHeader: true, cell: ({ name }) => name },
  { id: 'recall', header: 'Of what they began to buy', cell: ({ way }) => percent(way.recall) },
  { id: 'coverage', header: 'Products covered', cell: ({ way }) => percent(way.coverage) },
]

interface SegmentProducts {
  segment: string
  products: readonly GroupProduct[]
}

const SEGMENTS: Column<SegmentProducts>[] = [
  { id: 'segment', header: 'Segment', isRowHeader: true, minWidth: 110, cell: ({ segment }) => segment },
  { id: 'products', header: 'Products', minWidth: 240, cell: ({ products }) => lines(products) },
]

interface SegmentCategories {
  segment: string
  kinds: readonly GroupCategory[]
}

const CATEGORIES: Column<SegmentCategories>[] = [
  { id: 'segment', header: 'Segment', isRowHeader: true, minWidth: 110, cell: ({ segment }) => segment },
  {
    id: 'categories',
    header: 'Categories',
    minWidth: 240,
    cell: ({ kinds }) => kinds.map((one) => line(one.category, one)),
  },
]

const TOGETHER: Column<ProductNeighbours>[] = [
  { id: 'product', header: 'Product', isRowHeader: true, minWidth: 130, cell: textOf },
  { id: 'buyers', header: 'Buyers', cell: ({ buyers }) => count(buyers) },
  { id: 'together', header: 'Its buyers buy too', minWidth: 220, cell: ({ together }) => lines(together) },
]

const lines = (products: readonly (Named & Figured)[]) => products.map((one) => line(textOf(one), one, one.product))

const line = (text: string, { share, times }: Figured, key: string = text) => (
  <div key={key}>
    {text}{' '}
    <span className="muted">
      {percent(share)}, × {times.toFixed(1)}
    </span>
  </div>
)

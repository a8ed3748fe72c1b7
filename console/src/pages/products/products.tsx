import ContentLayout from '@cloudscape-design/components/content-layout'
import Header from '@cloudscape-design/components/header'
import { useGet } from '../../api/use-get'
import { Empty } from '../../states/empty'
import { Loaded } from '../../states/loaded'

/** What customers buy. Until the events name products, it says why there is nothing to show. */
export default function ProductsPage() {
  const products = useGet('/v1/products', {})
  return (
    <ContentLayout header={<Header variant="h1">Products</Header>}>
      <Loaded query={products} what="products">
        {({ reason }) => <Empty title="No products to show">{reason}</Empty>}
      </Loaded>
    </ContentLayout>
  )
}

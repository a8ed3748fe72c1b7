import Box from '@cloudscape-design/components/box'
import Container from '@cloudscape-design/components/container'
import Header from '@cloudscape-design/components/header'
import Link from '@cloudscape-design/components/link'
import type { RecommendedProduct } from '../../api/schema'
import { hrefOf } from '../../app/route'

interface Props {
  products: readonly RecommendedProduct[]
  run: string | undefined
}

/** What the customer is likely to buy next, by name. */
export function LikelyProducts({ products, run }: Props) {
  return (
    <Container header={<Header variant="h2" description="The likeliest first. None of them was bought before.">Likely to buy next</Header>}>
      <ol className="likely" aria-label="Likely to buy next">
        {products.map(({ product, name, category }) => (
          <li key={product}>
            {name ?? product} {name && name !== product && <span className="muted">{product}</span>}
            {category && <span className="muted"> {category}</span>}
          </li>
        ))}
      </ol>
      <Box color="text-body-secondary">
        Learnt from who bought what. <Link href={hrefOf(['products'], { run })}>How it was tested</Link>
      </Box>
    </Container>
  )
}

import Container from '@cloudscape-design/components/container'
import Header from '@cloudscape-design/components/header'
import type { CostPart, MessageCost } from '../../../api/schema'
import { count, money } from '../../../format/figures'
import { day } from '../../../format/moments'
import { PlainTable } from '../../../parts/plain-table'
import { sentence } from '../../../parts/set-names'

const WORDS: Readonly<Record<string, string>> = { mails: 'E-mails', writes: 'Writes to the table', reads: 'Reads of the table' }

/** What the messages of a run cost at list prices, by part. */
export function MessageCosts({ cost }: { cost: MessageCost }) {
  return (
    <Container
      header={
        <Header
          variant="h2"
          description={`${money(cost.usd, 'USD', 4)} for its messages, at the list prices of ${cost.region} of ${day(cost.priced_on)}. Functions come on top, and take little.`}
        >
          Cost
        </Header>
      }
    >
      <PlainTable<CostPart>
        label="Cost by part"
        items={cost.parts}
        trackBy="part"
        columns={[
          { id: 'part', header: 'Part', isRowHeader: true, cell: (one) => WORDS[one.part] ?? sentence(one.part) },
          { id: 'units', header: 'Units', cell: (one) => count(one.units) },
          { id: 'usd', header: 'Cost', cell: (one) => money(one.usd, 'USD', 4) },
        ]}
      />
    </Container>
  )
}

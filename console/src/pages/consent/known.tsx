import Box from '@cloudscape-design/components/box'
import Container from '@cloudscape-design/components/container'
import Header from '@cloudscape-design/components/header'
import KeyValuePairs from '@cloudscape-design/components/key-value-pairs'
import SpaceBetween from '@cloudscape-design/components/space-between'
import type { ConsentCounts } from '../../api/schema'
import { count } from '../../format/figures'
import { PlainTable } from '../../parts/plain-table'
import { sentence } from '../../parts/set-names'

/** Every address is in one of them, so an absent state has nobody. */
const STATES: readonly { state: string; words: string }[] = [
  { state: 'granted', words: 'Consent given' },
  { state: 'expired', words: 'Consent has expired' },
  { state: 'withdrawn', words: 'Opted out' },
  { state: 'suppressed', words: 'The address bounced, or its owner complained' },
  { state: 'none', words: 'Nothing known' },
]

/** What may be done now with the addresses that anything is known of. */
export function Known({ known }: { known: ConsentCounts }) {
  const { people, marketing, tracking, by_basis, legal_basis } = known
  return (
    <Container
      header={
        <Header
          variant="h2"
          counter={`(${count(people)})`}
          description="Addresses with a statement of their own. Consents in the orders that you upload count too, and are not in here."
        >
          What is known
        </Header>
      }
    >
      <SpaceBetween size="m">
        <PlainTable<(typeof STATES)[number]>
          label="Addresses by consent"
          items={STATES}
          trackBy="state"
          columns={[
            { id: 'words', header: 'State', isRowHeader: true, minWidth: 220, cell: (row) => row.words },
            { id: 'marketing', header: 'Marketing', minWidth: 110, cell: ({ state }) => count(marketing[state] ?? 0) },
            { id: 'tracking', header: 'Counting opens', minWidth: 130, cell: ({ state }) => count(tracking[state] ?? 0) },
          ]}
        />
        <KeyValuePairs
          columns={2}
          minColumnWidth={240}
          items={[
            { label: 'Consents by basis', value: <Listed pairs={by_basis} none="No consent yet" valueWords={count} /> },
            {
              label: 'Without a consent, by country',
              value: <Listed pairs={legal_basis} none="Nobody is mailed: the shop has declared no legal basis" valueWords={sentence} />,
            },
          ]}
        />
        <Box color="text-body-secondary">
          An administrator declares the legal basis on the page Settings, under campaigns. It is your statement about the law, and Tessera
          does not check it.
        </Box>
      </SpaceBetween>
    </Container>
  )
}

interface ListedProps<Value> {
  pairs: Readonly<Record<string, Value>>
  none: string
  valueWords: (value: Value) => string
}

function Listed<Value>({ pairs, none, valueWords }: ListedProps<Value>) {
  const entries = Object.entries(pairs)
  if (entries.length === 0) return none
  return (
    <ul className="plain-list">
      {entries.map(([name, value]) => (
        <li key={name}>
          {name === '*' ? 'All other countries' : sentence(name)}: {valueWords(value)}
        </li>
      ))}
    </ul>
  )
}

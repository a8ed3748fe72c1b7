import Box from '@cloudscape-design/components/box'
import type { AudienceSummary } from '../../api/schema'
import { count, percent } from '../../format/figures'
import { PlainTable } from '../../parts/plain-table'

interface Row {
  id: string
  what: string
  people: number
  note: string
}

/** Everybody in the audience: who gets it, who is held out, and who is omitted for which reason. */
export function CountsTable({ audience }: { audience: AudienceSummary }) {
  const { selected } = audience
  return (
    <PlainTable<Row>
      label="What becomes of the audience"
      items={rowsOf(audience)}
      trackBy="id"
      columns={[
        { id: 'what', header: 'People', isRowHeader: true, minWidth: 240, cell: (row) => <What row={row} /> },
        { id: 'people', header: 'Number', minWidth: 100, cell: (row) => count(row.people) },
        { id: 'share', header: 'Of the audience', minWidth: 110, cell: (row) => percent(selected ? row.people / selected : null) },
        { id: 'note', header: 'What it means', minWidth: 260, cell: (row) => row.note },
      ]}
    />
  )
}

function What({ row: { what, id } }: { row: Row }) {
  return id === 'selected' || id === 'eligible' ? <Box variant="strong">{what}</Box> : <>{what}</>
}

function rowsOf({ customers, selected, eligible, held_out, omitted, variants }: AudienceSummary): readonly Row[] {
  const names = Object.entries(variants)
  const byVariant = names.length > 1 ? names.map(([name, people]) => ({ id: `variant-${name}`, what: `– variant ${name}`, people, note: '' })) : []
  return [
    { id: 'selected', what: 'In the audience', people: selected, note: `Of ${count(customers)} in all.` },
    { id: 'eligible', what: 'Get a message', people: eligible, note: '' },
    ...byVariant,
    { id: 'held-out', what: 'Held out', people: held_out, note: 'Would get it, and get nothing, so that the campaign can be measured.' },
    ...omitted.filter(({ people }) => people > 0).map(({ reason, meaning, people }) => ({ id: reason, what: `Omitted: ${meaning}`, people, note: '' })),
  ]
}

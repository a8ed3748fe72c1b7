import Table, { type TableProps } from '@cloudscape-design/components/table'
import type { ReactNode } from 'react'

export type Column<T> = TableProps.ColumnDefinition<T>

interface Props<T> {
  /** What the table lists, for those who do not see its heading. */
  label: string
  items: readonly T[]
  /** What distinguishes a row. */
  trackBy: TableProps.TrackBy<T>
  columns: readonly Column<T>[]
  empty?: ReactNode
}

/** A table inside a container, which has the heading. */
export function PlainTable<T>({ label, items, trackBy, columns, empty }: Props<T>) {
  return (
    <Table<T>
      variant="embedded"
      contentDensity="compact"
      wrapLines
      ariaLabels={{ tableLabel: label }}
      items={items}
      trackBy={trackBy}
      columnDefinitions={columns.map((column) => ({ minWidth: column.isRowHeader ? 175 : 80, ...column }))}
      empty={empty}
    />
  )
}

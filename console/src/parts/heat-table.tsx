import type { ReactNode } from 'react'

export interface HeatCell {
  key: string
  /** From 0 to 1: how strongly the cell is coloured. */
  heat: number
  content: ReactNode
  /** The cell in words. */
  title?: string
}

export interface HeatRow {
  key: string
  heading: ReactNode
  cells: readonly (HeatCell | null)[]
}

interface Props {
  label: string
  corner: ReactNode
  columns: readonly ReactNode[]
  rows: readonly HeatRow[]
  foot?: ReactNode
}

/** A table whose cells are coloured by their size. It scrolls within itself where it is narrow. */
export function HeatTable({ label, corner, columns, rows, foot }: Props) {
  return (
    <div className="scroll" role="region" aria-label={label} tabIndex={0}>
      <table className="heat">
        <thead>
          <tr>
            <th scope="col">{corner}</th>
            {columns.map((column, index) => (
              <th scope="col" key={index}>
                {column}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.key}>
              <th scope="row">{row.heading}</th>
              {row.cells.map((cell, index) => (cell ? <Cell key={cell.key} cell={cell} /> : <td key={index} />))}
            </tr>
          ))}
        </tbody>
        {foot && <tfoot>{foot}</tfoot>}
      </table>
    </div>
  )
}

function Cell({ cell }: { cell: HeatCell }) {
  return (
    <td className={`heat-${Math.ceil(Math.min(1, Math.max(0, cell.heat)) * 8)}`} title={cell.title}>
      {cell.content}
    </td>
  )
}

import type { Movement } from '../../api/schema'
import type { Appearance } from '../../app/appearance'
import type { FlowLink, FlowNode } from '../../charts/flow'
import { INK, segmentColour } from '../../charts/palette'

export const ENTERED = 'New customers'
export const LEFT = 'No longer known'

export interface Flow {
  nodes: readonly FlowNode[]
  links: readonly FlowLink[]
}

/** Every customer of either run once: the matrix's last row entered, its last column left. */
export function flowOf(movement: Movement, appearance: Appearance, { stayed }: { stayed: boolean }): Flow {
  const before = [...movement.labels, ENTERED]
  const after = [...movement.labels, LEFT]
  const links = movement.matrix.flatMap((row, from) =>
    row.flatMap((customers, to): FlowLink[] => {
      const isSame = from === to && from < movement.labels.length
      if (!customers || (isSame && !stayed)) return []
      return [{ source: idOf('before', before[from]), target: idOf('after', after[to]), customers }]
    }),
  )
  const used = new Set(links.flatMap((link) => [link.source, link.target]))
  const nodesOf = (side: FlowNode['side'], labels: readonly string[]): FlowNode[] =>
    labels.map((label, index) => ({
      id: idOf(side, label),
      label,
      side,
      colour: index < movement.labels.length ? segmentColour(appearance, index) : INK[appearance].muted,
    }))
  const nodes = [...nodesOf('before', before), ...nodesOf('after', after)].filter((node) => used.has(node.id))
  return { nodes, links }
}

export const labelOf = (id: string): string => id.slice(id.indexOf(':') + 1)

const idOf = (side: FlowNode['side'], label: string | undefined): string => `${side}:${label ?? ''}`

import { SankeyChart } from 'echarts/charts'
import type { Appearance } from '../app/appearance'
import { echarts, type Option } from './engine'
import { INK } from './palette'

echarts.use([SankeyChart])

export interface FlowNode {
  /** Unique: a label stands on both sides. */
  id: string
  label: string
  colour: string
  side: 'before' | 'after'
}

export interface FlowLink {
  source: string
  target: string
  customers: number
}

interface Parameters {
  nodes: readonly FlowNode[]
  links: readonly FlowLink[]
  appearance: Appearance
  describe: (link: FlowLink) => string
  describeNode: (node: FlowNode) => string
}

/** Where customers were, on the left, and where they are, on the right. */
export function flowOption({ nodes, links, appearance, describe, describeNode }: Parameters): Option {
  const ink = INK[appearance]
  const byId = new Map(nodes.map((node) => [node.id, node]))
  return {
    tooltip: {
      trigger: 'item',
      formatter: (item: { dataType: string; name: string; data: { link?: FlowLink } }) => {
        const node = byId.get(item.name)
        if (item.data.link) return describe(item.data.link)
        return node ? describeNode(node) : ''
      },
    },
    series: [
      {
        type: 'sankey',
        left: 0,
        right: 0,
        top: 8,
        bottom: 8,
        nodeWidth: 10,
        nodeGap: 10,
        draggable: false,
        layoutIterations: 0,
        emphasis: { focus: 'adjacency' },
        data: nodes.map((node) => ({
          name: node.id,
          depth: node.side === 'before' ? 0 : 1,
          itemStyle: { color: node.colour, borderWidth: 0 },
          label: {
            color: ink.text,
            position: node.side === 'before' ? 'right' : 'left',
            formatter: () => node.label,
          },
        })),
        links: links.map((link) => ({
          source: link.source,
          target: link.target,
          value: link.customers,
          link,
          lineStyle: { color: byId.get(link.source)?.colour ?? ink.muted, opacity: 0.35 },
        })),
      },
    ],
  }
}

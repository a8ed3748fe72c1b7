import type { Appearance } from '../app/appearance'
import type { Option } from './engine'
import { INK } from './palette'

export interface Line {
  name: string
  colour: string
  /** One value per day. Null where there is none. */
  values: readonly (number | null)[]
}

interface Parameters {
  days: readonly string[]
  lines: readonly Line[]
  appearance: Appearance
  formatDay: (day: string) => string
  formatValue: (value: number | null) => string
  formatAxis?: (value: number) => string
  /** Stacked lines show their sum too. */
  stacked?: boolean
}

/** Values over days. The axis starts at 0, so that a small change looks small. */
export function linesOption({ days, lines, appearance, formatDay, formatValue, formatAxis, stacked }: Parameters): Option {
  const ink = INK[appearance]
  return {
    grid: { left: 4, right: 16, top: 16, bottom: 4, containLabel: true },
    xAxis: {
      type: 'category',
      data: days.map(formatDay),
      boundaryGap: days.length === 1,
      axisLine: { lineStyle: { color: ink.line } },
      axisLabel: { color: ink.muted, hideOverlap: true, alignMinLabel: 'left', alignMaxLabel: 'right' },
      axisTick: { show: false },
    },
    yAxis: {
      type: 'value',
      min: 0,
      splitNumber: 4,
      axisLabel: { color: ink.muted, formatter: formatAxis ?? formatValue },
      splitLine: { lineStyle: { color: ink.line } },
    },
    tooltip: { trigger: 'axis', valueFormatter: formatValue },
    series: lines.map((line) => ({
      type: 'line',
      name: line.name,
      data: line.values,
      symbol: 'circle',
      symbolSize: 6,
      lineStyle: { width: 2, color: line.colour },
      itemStyle: { color: line.colour },
      ...(stacked ? { stack: 'all', areaStyle: { color: line.colour, opacity: 0.85 } } : {}),
    })),
  }
}

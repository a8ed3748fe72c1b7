import type { Appearance } from '../app/appearance'
import type { Option } from './engine'
import { INK, segmentColour } from './palette'

export interface BarSeries {
  name: string
  values: readonly (number | null)[]
}

interface Parameters {
  names: readonly string[]
  series: readonly BarSeries[]
  appearance: Appearance
  formatValue: (value: number) => string
  describe: (index: number) => string
}

/** Upright bars, one per name and series. */
export function barsOption({ names, series, appearance, formatValue, describe }: Parameters): Option {
  const ink = INK[appearance]
  const colours = [ink.accent, segmentColour(appearance, 5)]
  return {
    grid: { left: 4, right: 8, top: 16, bottom: 4, containLabel: true },
    xAxis: {
      type: 'category',
      data: names,
      axisLine: { lineStyle: { color: ink.line } },
      axisTick: { show: false },
      axisLabel: { color: ink.muted, hideOverlap: true },
    },
    yAxis: {
      type: 'value',
      min: 0,
      splitNumber: 4,
      axisLabel: { color: ink.muted, formatter: formatValue },
      splitLine: { lineStyle: { color: ink.line } },
    },
    tooltip: { trigger: 'axis', formatter: (items: { dataIndex: number }[]) => describe(items[0]?.dataIndex ?? 0) },
    series: series.map((one, index) => ({
      type: 'bar',
      name: one.name,
      data: one.values,
      itemStyle: { color: colours[index % colours.length], borderRadius: [2, 2, 0, 0] },
    })),
  }
}

import type { Appearance } from '../app/appearance'
import type { Option } from './engine'
import { INK } from './palette'

interface Parameters {
  names: readonly string[]
  values: readonly number[]
  appearance: Appearance
  formatValue: (value: number) => string
  describe: (index: number) => string
}

/** Horizontal bars, the first on top. */
export function rankingOption({ names, values, appearance, formatValue, describe }: Parameters): Option {
  const ink = INK[appearance]
  return {
    grid: { left: 0, right: 24, top: 0, bottom: 8, containLabel: true },
    xAxis: {
      type: 'value',
      min: 0,
      splitNumber: 3,
      axisLabel: { color: ink.muted, formatter: formatValue, hideOverlap: true },
      splitLine: { lineStyle: { color: ink.line } },
    },
    yAxis: {
      type: 'category',
      inverse: true,
      data: names.map((_, index) => index),
      axisLine: { show: false },
      axisTick: { show: false },
      axisLabel: {
        color: ink.muted,
        width: 120,
        overflow: 'truncate',
        formatter: (index: string) => names[Number(index)] ?? '',
      },
    },
    tooltip: { trigger: 'axis', formatter: (items: { dataIndex: number }[]) => describe(items[0]?.dataIndex ?? 0) },
    series: [
      {
        type: 'bar',
        barWidth: '62%',
        data: values.map((value) => Math.max(0, value)),
        itemStyle: { color: ink.accent, borderRadius: [0, 2, 2, 0] },
      },
    ],
  }
}

import type { Appearance } from '../app/appearance'
import type { Option } from './engine'
import { INK, segmentColour } from './palette'

export interface Share {
  label: string
  /** Per bar, from 0 to 100. */
  percentages: readonly number[]
}

interface Parameters {
  bars: readonly string[]
  shares: readonly Share[]
  appearance: Appearance
  describe: (label: string, bar: number) => string
}

/** One horizontal bar per measure, each divided among the segments. */
export function sharesOption({ bars, shares, appearance, describe }: Parameters): Option {
  const ink = INK[appearance]
  return {
    grid: { left: 0, right: 8, top: 0, bottom: 0, containLabel: true },
    xAxis: { type: 'value', max: 100, show: false },
    yAxis: {
      type: 'category',
      inverse: true,
      data: bars,
      axisLine: { show: false },
      axisTick: { show: false },
      axisLabel: { color: ink.muted },
    },
    tooltip: {
      trigger: 'item',
      formatter: (item: { seriesName: string; dataIndex: number }) => describe(item.seriesName, item.dataIndex),
    },
    series: shares.map((share, index) => ({
      type: 'bar',
      name: share.label,
      stack: 'all',
      barWidth: '62%',
      data: share.percentages.map((percentage) => Math.max(0, percentage)),
      itemStyle: { color: segmentColour(appearance, index), borderColor: ink.surface, borderWidth: 1 },
    })),
  }
}

import type { Appearance } from '../app/appearance'
import type { Option } from './engine'
import { INK } from './palette'

export interface Curve {
  name: string
  colour: string
  /** A value at each place along the axis. */
  values: readonly number[]
  isDashed?: boolean
}

interface Parameters {
  /** Where the values are, in order. */
  places: readonly number[]
  curves: readonly Curve[]
  /** The interval around the first curve. */
  band: readonly { low: number; high: number }[]
  appearance: Appearance
  formatPlace: (place: number) => string
  formatValue: (value: number) => string
  describe: (index: number) => string
}

/** Curves over a number, with an interval around the first. Values may be below 0. */
export function curveOption({ places, curves, band, appearance, formatPlace, formatValue, describe }: Parameters): Option {
  const ink = INK[appearance]
  const at = (values: readonly number[]) => values.map((value, index) => [places[index], value])
  const edge = { type: 'line', stack: 'band', stackStrategy: 'all', symbol: 'none', silent: true, lineStyle: { opacity: 0 } }
  return {
    grid: { left: 4, right: 16, top: 16, bottom: 4, containLabel: true },
    xAxis: {
      type: 'value',
      min: 0,
      max: places.at(-1),
      splitNumber: 4,
      axisLine: { onZero: false, lineStyle: { color: ink.line } },
      axisLabel: { color: ink.muted, formatter: formatPlace, hideOverlap: true, alignMinLabel: 'left', alignMaxLabel: 'right' },
      splitLine: { show: false },
    },
    yAxis: {
      type: 'value',
      splitNumber: 4,
      axisLabel: { color: ink.muted, formatter: formatValue },
      splitLine: { lineStyle: { color: ink.line } },
    },
    tooltip: { trigger: 'axis', formatter: (items: { dataIndex: number }[]) => describe(items[0]?.dataIndex ?? 0) },
    series: [
      { ...edge, data: at(band.map(({ low }) => low)) },
      { ...edge, data: at(band.map(({ low, high }) => high - low)), areaStyle: { color: curves[0]?.colour, opacity: 0.18 } },
      ...curves.map(({ name, colour, values, isDashed }) => ({
        type: 'line',
        name,
        data: at(values),
        symbol: 'circle',
        symbolSize: isDashed ? 0 : 5,
        lineStyle: { width: 2, color: colour, type: isDashed ? 'dashed' : 'solid' },
        itemStyle: { color: colour },
      })),
    ],
  }
}

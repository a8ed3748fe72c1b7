import { useEffect, useRef } from 'react'
import { useAppearance } from '../app/appearance'
import { echarts, type Option } from './engine'
import { INK } from './palette'
import { useWidth } from './use-width'

/** Named, because the chart measures its texts before the page styles them. */
const FONT = '"Open Sans", "Helvetica Neue", Roboto, Arial, sans-serif'

interface Props {
  /** What the chart shows, for those who do not see it. Its numbers stand in a table beside it. */
  label: string
  option: Option
  height?: number
  onSelect?: (name: string) => void
}

/** A chart of ECharts, as wide as its place. Another width draws it anew: a flow cannot be resized. */
export function Chart({ label, option, height = 280, onSelect }: Props) {
  const place = useRef<HTMLDivElement>(null)
  const width = useWidth(place)
  const { appearance } = useAppearance()
  useEffect(() => {
    if (!place.current || width === 0) return
    const ink = INK[appearance]
    const chart = echarts.init(place.current, undefined, { renderer: 'svg', width, height })
    chart.setOption({
      animation: false,
      textStyle: { fontFamily: FONT, color: ink.text },
      ...option,
      tooltip: {
        confine: true,
        backgroundColor: ink.surface,
        borderColor: ink.line,
        textStyle: { color: ink.text },
        ...(option.tooltip as object | undefined),
      },
    })
    if (onSelect) chart.on('click', (event) => onSelect(event.seriesName || event.name))
    return () => chart.dispose()
  }, [appearance, option, onSelect, width, height])
  return <div ref={place} role="img" aria-label={label} style={{ height }} />
}

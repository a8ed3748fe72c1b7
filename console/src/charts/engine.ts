/** The parts of ECharts that the first page needs. Other pages register their own. */
import { BarChart, LineChart } from 'echarts/charts'
import { GridComponent, TooltipComponent } from 'echarts/components'
import * as echarts from 'echarts/core'
import { SVGRenderer } from 'echarts/renderers'

echarts.use([BarChart, LineChart, GridComponent, TooltipComponent, SVGRenderer])

export { echarts }
export type Option = echarts.EChartsCoreOption

import Box from '@cloudscape-design/components/box'
import StatusIndicator from '@cloudscape-design/components/status-indicator'
import { useMemo } from 'react'
import type { BestHours } from '../../../api/schema'
import { useAppearance } from '../../../app/appearance'
import { barsOption } from '../../../charts/bars'
import { Chart } from '../../../charts/chart'
import { percent } from '../../../format/figures'

const WINDOW_HOURS = 3

const clock = (hour: number): string => `${String(hour % 24).padStart(2, '0')}:00`

/** When people click, and whether each one's own hours may be used. */
export function Hours({ hours: { decision, reason, shop, shop_hour: best } }: { hours: BestHours }) {
  const { appearance } = useAppearance()
  const option = useMemo(
    () =>
      barsOption({
        names: shop.map((_, hour) => clock(hour)),
        series: [{ name: 'Clicks', values: shop }],
        appearance,
        formatValue: (share) => percent(share, 0),
        describe: (hour) => `From ${clock(hour)}: ${percent(shop[hour])} of clicks`,
      }),
    [shop, appearance],
  )
  const words = `Most clicks come from ${clock(best)} to ${clock(best + WINDOW_HOURS)}, in the shop's time zone.`
  return (
    <section aria-label="Best hours">
      <Box variant="h3">Best hours</Box>
      <Box>{words}</Box>
      <Box>
        {decision === 'publish' ? (
          <StatusIndicator type="success">{"Each person's own hours can be used"}</StatusIndicator>
        ) : (
          <StatusIndicator type="info">{"Withheld: the shop's hours are everybody's"}</StatusIndicator>
        )}
      </Box>
      <Box color="text-body-secondary">{reason}</Box>
      <Chart label={`Clicks by hour. ${shop.map((share, hour) => `${clock(hour)}: ${percent(share)}`).join(', ')}.`} option={option} height={200} />
    </section>
  )
}

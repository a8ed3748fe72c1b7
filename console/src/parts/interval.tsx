import Box from '@cloudscape-design/components/box'

interface Props {
  value: string
  low: string
  high: string
}

/** An estimate with its 95 % interval below it. */
export function Interval({ value, low, high }: Props) {
  return (
    <>
      {value}
      <Box variant="small" display="block" color="text-body-secondary">
        95 % interval: {low} to {high}
      </Box>
    </>
  )
}

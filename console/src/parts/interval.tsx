import { Small } from './small'


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
      <Small>95 % interval: {low} to {high}</Small>
    </>
  )
}

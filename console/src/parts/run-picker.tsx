import Select, { type SelectProps } from '@cloudscape-design/components/select'
import { useGet } from '../api/use-get'
import { setQuery, useRoute } from '../app/route'
import { day } from '../format/moments'

const LATEST: SelectProps.Option = { value: '', label: 'Latest run' }

/** Chooses the run that the page shows. The choice is part of the page's address. */
export function RunPicker() {
  const trends = useGet('/v1/trends', {})
  const run = useRoute().query.get('run') ?? ''
  const points = trends.state === 'ready' ? trends.data.points.toReversed() : []
  const options = [LATEST, ...points.map((point) => ({ value: point.run_id, label: day(point.as_of), description: point.run_id }))]
  const known = options.find((option) => option.value === run)
  return (
    <Select
      ariaLabel="Run"
      selectedOption={known ?? { value: run, label: `Run ${run}` }}
      options={options}
      onChange={({ detail }) => setQuery({ run: detail.selectedOption.value })}
    />
  )
}

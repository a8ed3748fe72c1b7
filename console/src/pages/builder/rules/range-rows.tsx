import Button from '@cloudscape-design/components/button'
import { LimitInputs } from '../conditions/limit-inputs'
import { LabelSelect } from './label-select'
import type { Limits, RangesForm } from './rule-form'

interface Props {
  rule: RangesForm
  labels: readonly string[]
  onChange: (rule: RangesForm) => void
}

/** The ranges that a rule cuts a column into. Together they hold every number once. */
export function RangeRows({ rule, labels, onChange }: Props) {
  const ranges = rule.ranges
  const withRanges = (changed: RangesForm['ranges']) => onChange({ ...rule, ranges: changed })
  const own = labels.slice(0, -1)
  const unused = own.findIndex((_, place) => ranges.every((range) => range.label !== place))
  return (
    <>
      {ranges.map((range, place) => (
        <div className="condition" key={place}>
          <LabelSelect labels={own} place={range.label} onChange={(label) => withRanges(ranges.with(place, { ...range, label }))} />
          <LimitInputs
            kind="number"
            condition={{ column: rule.column, ...range.limits }}
            onChange={({ column: _, ...limits }) => withRanges(ranges.with(place, { ...range, limits: limits as Limits }))}
          />
          {ranges.length > 1 && (
            <Button
              variant="icon"
              iconName="close"
              ariaLabel={`Remove the range of ${own[range.label] ?? 'a label'}`}
              onClick={() => withRanges(ranges.toSpliced(place, 1))}
            />
          )}
        </div>
      ))}
      {unused >= 0 && (
        <div>
          <Button iconName="add-plus" onClick={() => withRanges([...ranges, { label: unused, limits: {} }])}>
            Add a range
          </Button>
        </div>
      )}
    </>
  )
}

import Button from '@cloudscape-design/components/button'
import FormField from '@cloudscape-design/components/form-field'
import Select from '@cloudscape-design/components/select'
import { ANY, type Pair } from './combined'

interface Props {
  pairs: readonly Pair[]
  /** The two sets' titles, and all labels of each. */
  titles: readonly string[]
  labels: readonly (readonly string[])[]
  onChange: (pairs: readonly Pair[]) => void
}

const optionOf = (label: string) => ({ value: label, label: label === ANY ? 'Any label' : label })

/** The pairs of labels that give a label. */
export function PairRows({ pairs, titles, labels, onChange }: Props) {
  return (
    <>
      {pairs.map((pair, place) => (
        <div className="condition" key={place}>
          {pair.map((label, side) => (
            <FormField key={side} label={titles[side]}>
              <Select
                selectedOption={optionOf(label)}
                options={[ANY, ...(labels[side] ?? [])].map(optionOf)}
                onChange={({ detail }) =>
                  onChange(pairs.with(place, pair.with(side, detail.selectedOption.value ?? label) as unknown as Pair))
                }
              />
            </FormField>
          ))}
          {pairs.length > 1 && (
            <Button
              variant="icon"
              iconName="close"
              ariaLabel={`Remove the pair ${pair.join(' and ')}`}
              onClick={() => onChange(pairs.toSpliced(place, 1))}
            />
          )}
        </div>
      ))}
      <div>
        <Button iconName="add-plus" onClick={() => onChange([...pairs, [ANY, ANY]])}>
          Add a pair
        </Button>
      </div>
    </>
  )
}

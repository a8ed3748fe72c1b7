import ColumnLayout from '@cloudscape-design/components/column-layout'
import FormField from '@cloudscape-design/components/form-field'
import Select, { type SelectProps } from '@cloudscape-design/components/select'
import type { GroupSet } from '../../api/schema'
import { setQuery } from '../../app/route'
import { customers } from '../../format/figures'
import { setTitle } from '../../parts/set-names'

export type Chosen = Readonly<Record<'segment' | 'value_tier' | 'churn_band', string | undefined>>

const FIELDS: { parameter: keyof Chosen; set: string }[] = [
  { parameter: 'segment', set: 'rfm' },
  { parameter: 'value_tier', set: 'value_tier' },
  { parameter: 'churn_band', set: 'churn_band' },
]

interface Props {
  sets: Readonly<Record<string, GroupSet>>
  chosen: Chosen
}

/** One choice for each set that customers can be filtered by. It is part of the page's address. */
export function Filters({ sets, chosen }: Props) {
  return (
    <ColumnLayout columns={3} minColumnWidth={200}>
      {FIELDS.filter(({ set }) => sets[set]).map(({ parameter, set }) => (
        <FormField key={parameter} label={setTitle(set)}>
          <Choice title={setTitle(set)} set={sets[set]} value={chosen[parameter]} onChange={(value) => setQuery({ [parameter]: value })} />
        </FormField>
      ))}
    </ColumnLayout>
  )
}

interface ChoiceProps {
  title: string
  set: GroupSet | undefined
  value: string | undefined
  onChange: (value: string | undefined) => void
}

const ALL: SelectProps.Option = { value: '', label: 'All' }

function Choice({ title, set, value, onChange }: ChoiceProps) {
  const options = [
    ALL,
    ...(set?.groups ?? []).map((group) => ({ value: group.group, label: group.group, description: customers(group.uuids) })),
  ]
  return (
    <Select
      ariaLabel={title}
      options={options}
      selectedOption={options.find((option) => option.value === (value ?? '')) ?? ALL}
      onChange={({ detail }) => onChange(detail.selectedOption.value)}
    />
  )
}

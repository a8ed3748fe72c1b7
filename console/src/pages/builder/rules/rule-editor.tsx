import Button from '@cloudscape-design/components/button'
import ColumnLayout from '@cloudscape-design/components/column-layout'
import Container from '@cloudscape-design/components/container'
import FormField from '@cloudscape-design/components/form-field'
import Header from '@cloudscape-design/components/header'
import Select from '@cloudscape-design/components/select'
import SpaceBetween from '@cloudscape-design/components/space-between'
import { columnWords } from '../../../parts/columns'
import { COLUMN_OPTIONS, fixedTexts, kindOf } from '../conditions/columns'
import { RangeRows } from './range-rows'
import { hasRanges, type RangesForm, type RuleForm } from './rule-form'
import { TextRows } from './text-rows'

/** A rule cuts numbers, or names a label for each state of the gap between orders. */
const OPTIONS = COLUMN_OPTIONS.filter(({ value }) => kindOf(value) === 'number' || fixedTexts(value).length > 0)
const BY = [
  { value: 'value', label: 'Values', description: 'A limit is a value, such as 80.' },
  { value: 'quantile', label: 'Shares of customers', description: 'A limit of 0.9 is where the top tenth begins.' },
]

interface Props {
  rule: RuleForm
  place: number
  labels: readonly string[]
  onChange: (rule: RuleForm) => void
  /** Undefined for the only rule, which stays. */
  onRemove: (() => void) | undefined
}

/** One rule: a column, and which label its values give. */
export function RuleEditor({ rule, place, labels, onChange, onRemove }: Props) {
  const description = place === 1 ? 'It labels everybody, if its column has any value.' : 'Used if the columns above are empty for everybody.'
  const removal = onRemove && (
    <Button ariaLabel={`Remove the rule ${place}`} onClick={onRemove}>
      Remove the rule
    </Button>
  )
  return (
    <Container header={<Header variant="h2" description={description} actions={removal}>{`Rule ${place}`}</Header>}>
      <SpaceBetween size="m">
        <ColumnLayout columns={2} minColumnWidth={240}>
          <FormField label="Column">
            <Select
              filteringType="auto"
              selectedOption={{ value: rule.column, label: columnWords(rule.column) }}
              options={OPTIONS}
              onChange={({ detail }) => onChange(withColumn(rule, detail.selectedOption.value ?? rule.column))}
            />
          </FormField>
          {hasRanges(rule) && <BySelect rule={rule} onChange={onChange} />}
        </ColumnLayout>
        {hasRanges(rule) ? (
          <RangeRows rule={rule} labels={labels} onChange={onChange} />
        ) : (
          <TextRows rule={rule} labels={labels} onChange={onChange} />
        )}
      </SpaceBetween>
    </Container>
  )
}

function BySelect({ rule, onChange }: { rule: RangesForm; onChange: (rule: RuleForm) => void }) {
  const { by, ...plain } = rule
  return (
    <FormField label="Limits are">
      <Select
        selectedOption={BY.find((one) => one.value === (by ?? 'value')) ?? null}
        options={BY}
        onChange={({ detail }) => onChange(detail.selectedOption.value === 'quantile' ? { ...plain, by: 'quantile' } : plain)}
      />
    </FormField>
  )
}

/** The rule over another column. Texts and numbers are labelled in different ways. */
function withColumn(rule: RuleForm, column: string): RuleForm {
  const texts = fixedTexts(column)
  if (texts.length > 0) return { column, texts: texts.map((text) => ({ text, label: 0 })) }
  return hasRanges(rule) ? { ...rule, column } : { column, ranges: [{ label: 0, limits: {} }] }
}

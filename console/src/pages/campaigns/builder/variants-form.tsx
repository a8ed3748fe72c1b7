import Box from '@cloudscape-design/components/box'
import Button from '@cloudscape-design/components/button'
import ColumnLayout from '@cloudscape-design/components/column-layout'
import Container from '@cloudscape-design/components/container'
import FormField from '@cloudscape-design/components/form-field'
import Header from '@cloudscape-design/components/header'
import Input from '@cloudscape-design/components/input'
import Select from '@cloudscape-design/components/select'
import SpaceBetween from '@cloudscape-design/components/space-between'
import type { TemplateFacts } from '../../../api/schema'
import { fittingShares, freeName, isAlike, newVariant, type Channel, type TemplateChoice, type Variant } from '../definition'
import type { Labels } from '../labels'
import { ChannelForm } from './channel-form'
import { LabelSelect } from './label-select'
import { NumberInput } from './number-input'

interface Props {
  variants: readonly Variant[]
  labels: Labels
  templates: readonly TemplateFacts[]
  channel: Channel
  onChange: (variants: readonly Variant[], channel: Channel) => void
}

/** What is sent: one message, several by segment, or several by chance to compare them. */
export function VariantsForm({ variants, labels, templates, channel, onChange }: Props) {
  const isMail = channel.kind === 'email'
  const replace = (changed: readonly Variant[]) => onChange(changed, channel)
  const add = (segments: readonly string[]) => replace(fittingShares([...variants, { ...newVariant(freeName(variants)), segments }]))
  const change = (place: number, before: Variant, after: Variant) => {
    const changed = variants.with(place, after)
    replace(isAlike(before, after) ? changed : fittingShares(changed))
  }
  return (
    <Container
      header={
        <Header
          variant="h2"
          description="Variants with the same segments share these customers by chance. So two of them can be compared."
          actions={
            <Button iconName="add-plus" onClick={() => add(variants.at(-1)?.segments ?? [])}>
              Add a variant
            </Button>
          }
        >
          2. What they get
        </Header>
      }
    >
      <SpaceBetween size="l">
        <ChannelForm
          channel={channel}
          onChange={(to) => onChange(to.kind === 'email' ? variants : variants.map((one) => ({ ...one, template: null })), to)}
        />
        {isMail && !templates.some((one) => one.published) && (
          <Box color="text-status-warning">No template is published yet. Publish one on the page Templates first.</Box>
        )}
        {variants.map((variant, place) => (
          <VariantFields
            key={place}
            variant={variant}
            labels={labels}
            templates={isMail ? templates : undefined}
            isShared={variants.filter((other) => isAlike(other, variant)).length > 1}
            onChange={(changed) => change(place, variant, changed)}
            onRemove={variants.length > 1 ? () => replace(fittingShares(variants.toSpliced(place, 1))) : undefined}
          />
        ))}
      </SpaceBetween>
    </Container>
  )
}

interface FieldsProps {
  variant: Variant
  labels: Labels
  /** Undefined where another tool has the message. */
  templates: readonly TemplateFacts[] | undefined
  /** Whether another variant has the same segments, so that each has a share. */
  isShared: boolean
  onChange: (variant: Variant) => void
  onRemove: (() => void) | undefined
}

function VariantFields({ variant, labels, templates, isShared, onChange, onRemove }: FieldsProps) {
  return (
    <fieldset className="group">
      <legend>Variant {variant.name}</legend>
      <SpaceBetween size="s">
        <ColumnLayout columns={isShared ? 4 : 3} minColumnWidth={180}>
          <FormField label="Name" description="Lower-case letters, digits and hyphens.">
            <Input value={variant.name} onChange={({ detail }) => onChange({ ...variant, name: detail.value })} />
          </FormField>
          {templates && (
            <TemplateSelect templates={templates} chosen={variant.template} onChange={(template) => onChange({ ...variant, template })} />
          )}
          <LabelSelect
            title="For segments"
            description="Everybody else, without a choice."
            labels={labels.segments}
            chosen={variant.segments}
            placeholder="All others"
            onChange={(segments) => onChange({ ...variant, segments })}
          />
          {isShared && (
            <NumberInput
              title="Share"
              description="All shares add to 100."
              value={Math.round(variant.share * 100)}
              least={1}
              most={100}
              unit="Percent"
              onChange={(share) => onChange({ ...variant, share: share / 100 })}
            />
          )}
        </ColumnLayout>
        {onRemove && (
          <Button ariaLabel={`Remove the variant ${variant.name}`} onClick={onRemove}>
            Remove the variant
          </Button>
        )}
      </SpaceBetween>
    </fieldset>
  )
}

interface TemplateProps {
  templates: readonly TemplateFacts[]
  chosen: TemplateChoice | null
  onChange: (template: TemplateChoice) => void
}

/** Chooses a published version. A campaign never follows a later one by itself. */
function TemplateSelect({ templates, chosen, onChange }: TemplateProps) {
  const published = templates.flatMap(({ id, name, published: one }) => (one ? [{ id, version: one.number, name }] : []))
  const optionOf = (choice: TemplateChoice & { name: string }) => ({
    value: `${choice.id}#${choice.version}`,
    label: choice.name,
    description: `Version ${choice.version}`,
  })
  const nameOf = (id: string) => templates.find((one) => one.id === id)?.name ?? id
  const own = chosen && optionOf({ ...chosen, name: nameOf(chosen.id) })
  const latest = published.map(optionOf)
  const options = own && latest.every((option) => option.value !== own.value) ? [own, ...latest] : latest
  return (
    <FormField label="Template" description={chosen ? `Version ${chosen.version}, also when a later one is published.` : 'A published version.'}>
      <Select
        options={options}
        selectedOption={own}
        placeholder="Choose a template"
        empty="No template is published"
        onChange={({ detail }) => {
          const [id = '', version = ''] = (detail.selectedOption.value ?? '').split('#')
          onChange({ id, version: Number(version) })
        }}
      />
    </FormField>
  )
}

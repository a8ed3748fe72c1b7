import Button from '@cloudscape-design/components/button'
import ColumnLayout from '@cloudscape-design/components/column-layout'
import Container from '@cloudscape-design/components/container'
import FormField from '@cloudscape-design/components/form-field'
import Header from '@cloudscape-design/components/header'
import Input from '@cloudscape-design/components/input'
import RadioGroup from '@cloudscape-design/components/radio-group'
import SpaceBetween from '@cloudscape-design/components/space-between'
import { useState } from 'react'
import { put, useAction } from '../../../api/use-action'
import { useGet } from '../../../api/use-get'
import { goTo, hrefOf } from '../../../app/route'
import { slugOf } from '../../../parts/slug'
import { Loaded } from '../../../states/loaded'
import { ProblemAlert } from '../../../states/problem-alert'
import { documentOf, type Definition } from '../definition'
import { DefinitionFacts } from '../definition-facts'
import { useLabels } from '../labels'
import { AudienceCountBox } from './audience-count'
import { AudienceForm } from './audience-form'
import { LimitsForm } from './limits-form'
import { MeasureForm } from './measure-form'
import { ScheduleForm } from './schedule-form'
import { useAudienceCount } from './use-audience-count'
import { usePeople } from './use-people'
import { VariantsForm } from './variants-form'

interface Props {
  start: Definition
  /** The version that the definition was read at, 0 for a new campaign. */
  version: number
  /** Whether the campaign has had a run, so that some parts are fixed. */
  hasRun: boolean
}

/** A campaign's definition with its live count and its review. It is saved whole, or not at all. */
export function CampaignForm({ start, version, hasRun }: Props) {
  const [definition, setDefinition] = useState(start)
  const labels = useLabels()
  const templates = useGet('/v1/templates', {})
  const counted = useAudienceCount(definition)
  const people = usePeople(counted)
  const action = useAction()
  const set = (changed: Partial<Definition>) => setDefinition({ ...definition, ...changed })
  const save = () =>
    void action
      .run(() => put('/v1/campaigns/{campaign_id}', { campaign_id: definition.id }, { version, definition: documentOf(definition) }))
      .then((saved) => saved && goTo(hrefOf(['campaigns', definition.id])))
  return (
    <div className="stack">
      <Basics definition={definition} isNew={version === 0} isFixed={hasRun} onChange={setDefinition} />
      <AudienceForm audience={definition.audience} labels={labels} onChange={(audience) => set({ audience })} />
      <AudienceCountBox counted={counted} />
      <Loaded query={templates} what="the templates">
        {({ items }) => (
          <VariantsForm
            variants={definition.variants}
            labels={labels}
            templates={items}
            channel={definition.channel}
            onChange={(variants, channel) => set({ variants, channel })}
          />
        )}
      </Loaded>
      <ScheduleForm definition={definition} labels={labels} onChange={setDefinition} />
      {definition.purpose === 'marketing' && <MeasureForm definition={definition} people={people} isFixed={hasRun} onChange={setDefinition} />}
      <LimitsForm definition={definition} onChange={setDefinition} />
      <Container header={<Header variant="h2" description="Read it as the one who approves it will.">Review</Header>}>
        <SpaceBetween size="m">
          <DefinitionFacts definition={definition} />
          {action.problem && <ProblemAlert problem={action.problem} />}
          <SpaceBetween size="xs" direction="horizontal">
            <Button variant="primary" loading={action.busy} disabled={missing(definition) !== ''} disabledReason={missing(definition)} onClick={save}>
              Save the campaign
            </Button>
            <Button href={hrefOf(version ? ['campaigns', definition.id] : ['campaigns'])}>Cancel</Button>
          </SpaceBetween>
        </SpaceBetween>
      </Container>
    </div>
  )
}

const PURPOSES = [
  { value: 'marketing', label: 'Marketing', description: 'Needs consent. Some people are held out, so that it can be measured.' },
  { value: 'transactional', label: 'Part of an order', description: 'Such as a notice of delivery. Nobody is held out.' },
]

interface BasicsProps {
  definition: Definition
  isNew: boolean
  isFixed: boolean
  onChange: (definition: Definition) => void
}

function Basics({ definition, isNew, isFixed, onChange }: BasicsProps) {
  const rename = (name: string) => onChange({ ...definition, name, ...(isNew ? { id: slugOf(name, 'campaign') } : {}) })
  const choose = (purpose: string) =>
    onChange({
      ...definition,
      purpose: purpose as Definition['purpose'],
      holdout: { ...definition.holdout, share: purpose === 'marketing' ? 0.1 : 0 },
    })
  return (
    <Container>
      <ColumnLayout columns={2} minColumnWidth={220}>
        <FormField
          label="Name"
          description={isNew ? 'For people: its address is made of it.' : 'For people.'}
          constraintText={definition.id && `Runs are called ${definition.id}-r001 and so on.`}
        >
          <Input value={definition.name} onChange={({ detail }) => rename(detail.value)} />
        </FormField>
        <FormField label="Purpose">
          <RadioGroup
            value={definition.purpose}
            items={PURPOSES.map((one) => ({ ...one, disabled: isFixed }))}
            onChange={({ detail }) => choose(detail.value)}
          />
        </FormField>
      </ColumnLayout>
    </Container>
  )
}

/** What the definition lacks before it can be saved, empty for nothing. */
function missing({ id, variants, audience, trigger, channel }: Definition): string {
  if (!id) return 'The campaign needs a name.'
  if (audience.receivers === '') return 'Choose a list of receivers.'
  const without = channel.kind === 'email' && variants.find((one) => one.template === null)
  if (without) return `Choose a template for the variant ${without.name}.`
  if (channel.kind !== 'email' && !channel.to) return 'Choose where the messages leave to.'
  if (trigger && trigger.into.length === 0) return 'Choose which label a customer moves into.'
  return ''
}

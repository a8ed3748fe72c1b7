import Checkbox from '@cloudscape-design/components/checkbox'
import FormField from '@cloudscape-design/components/form-field'
import Input from '@cloudscape-design/components/input'
import SpaceBetween from '@cloudscape-design/components/space-between'
import type { TenantChange, TenantFacts, TenantList } from '../../../api/schema'
import { count } from '../../../format/figures'
import { destinationTitle } from '../../../parts/destinations'

/** What a tenant may use, as it is typed. An empty limit is that of all tenants. */
export interface Usage {
  maxRuns: string
  requests: string
  /** Undefined for all. */
  destinations: readonly string[] | undefined
  dailyRun: boolean
}

export const USUAL: Usage = { maxRuns: '', requests: '', destinations: undefined, dailyRun: true }

export function usageOf({ limits, destinations, daily_run: dailyRun }: TenantFacts): Usage {
  return {
    maxRuns: limits.max_runs?.toString() ?? '',
    requests: limits.requests_per_minute?.toString() ?? '',
    destinations: destinations ?? undefined,
    dailyRun,
  }
}

export function changeOf({ maxRuns, requests, destinations, dailyRun }: Usage): TenantChange {
  const limits = { max_runs: whole(maxRuns), requests_per_minute: whole(requests) }
  return { limits, destinations: destinations ? [...destinations] : null, daily_run: dailyRun }
}

const whole = (text: string): number | null => (text.trim() ? Number(text) : null)

interface Props {
  usage: Usage
  list: TenantList
  onChange: (usage: Usage) => void
}

/** The limits, the destinations and the daily run. */
export function UsageFields({ usage, list, onChange }: Props) {
  const change = (part: Partial<Usage>) => onChange({ ...usage, ...part })
  return (
    <SpaceBetween size="m">
      <FormField label="Runs at once" description={`Further runs wait. Empty: ${count(list.limits.max_runs)}, as for all tenants.`}>
        <Input type="number" inputMode="numeric" value={usage.maxRuns} onChange={({ detail }) => change({ maxRuns: detail.value })} />
      </FormField>
      <FormField
        label="Requests a minute"
        description={`Of all its users and keys together. Empty: ${count(list.limits.requests_per_minute)}, as for all tenants.`}
      >
        <Input type="number" inputMode="numeric" value={usage.requests} onChange={({ detail }) => change({ requests: detail.value })} />
      </FormField>
      <FormField label="Destinations" description="Which of the deployment's destinations the shop may choose.">
        <SpaceBetween size="xs">
          <Checkbox
            checked={!usage.destinations}
            onChange={({ detail }) => change({ destinations: detail.checked ? undefined : [...list.destinations] })}
          >
            All, also those that are added later
          </Checkbox>
          {usage.destinations && <Chosen chosen={usage.destinations} list={list} onChange={(destinations) => change({ destinations })} />}
        </SpaceBetween>
      </FormField>
      <Checkbox
        checked={usage.dailyRun}
        description="Where the deployment has a daily clock at all."
        onChange={({ detail }) => change({ dailyRun: detail.checked })}
      >
        Daily run
      </Checkbox>
    </SpaceBetween>
  )
}

interface ChosenProps {
  chosen: readonly string[]
  list: TenantList
  onChange: (chosen: readonly string[]) => void
}

function Chosen({ chosen, list, onChange }: ChosenProps) {
  return list.destinations.map((name) => (
    <Checkbox
      key={name}
      checked={chosen.includes(name)}
      onChange={({ detail }) => onChange(detail.checked ? [...chosen, name] : chosen.filter((one) => one !== name))}
    >
      {destinationTitle(name)}
    </Checkbox>
  ))
}

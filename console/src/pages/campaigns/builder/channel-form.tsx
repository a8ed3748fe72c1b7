import ColumnLayout from '@cloudscape-design/components/column-layout'
import FormField from '@cloudscape-design/components/form-field'
import Input from '@cloudscape-design/components/input'
import Select from '@cloudscape-design/components/select'
import destinations from '../../../parts/destinations.json'
import type { Channel } from '../definition'

const KINDS = [
  { value: 'email', label: 'By e-mail', description: 'A published template.' },
  { value: 'webhook', label: 'To a webhook', description: 'One signed request for each person. Its receiver has the message.' },
  { value: 'audience', label: 'By another tool', description: 'The tool gets the people with their variant and sends its own message.' },
]
const TOOLS = Object.entries(destinations).map(([value, label]) => ({ value, label }))

/** How messages leave. */
export function ChannelForm({ channel, onChange }: { channel: Channel; onChange: (channel: Channel) => void }) {
  const to = (value: string) => onChange({ ...channel, to: value })
  return (
    <ColumnLayout columns={2} minColumnWidth={220}>
      <FormField label="How it leaves">
        <Select
          options={KINDS}
          selectedOption={KINDS.find(({ value }) => value === channel.kind) ?? null}
          onChange={({ detail }) => onChange({ kind: detail.selectedOption.value as Channel['kind'], to: '' })}
        />
      </FormField>
      {channel.kind === 'webhook' && (
        <FormField label="Address" description="HTTPS alone.">
          <Input type="url" value={channel.to} onChange={({ detail }) => to(detail.value)} />
        </FormField>
      )}
      {channel.kind === 'audience' && (
        <FormField label="Tool" description="One of the shop's destinations.">
          <Select
            options={TOOLS}
            selectedOption={TOOLS.find(({ value }) => value === channel.to) ?? null}
            placeholder="Choose"
            onChange={({ detail }) => to(detail.selectedOption.value ?? '')}
          />
        </FormField>
      )}
    </ColumnLayout>
  )
}

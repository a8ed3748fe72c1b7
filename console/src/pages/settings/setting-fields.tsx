import ColumnLayout from '@cloudscape-design/components/column-layout'
import Container from '@cloudscape-design/components/container'
import ExpandableSection from '@cloudscape-design/components/expandable-section'
import SpaceBetween from '@cloudscape-design/components/space-between'
import { SettingField } from './setting-field'
import { groupsOf } from './groups'

export type Values = Readonly<Record<string, unknown>>

interface Props {
  own: Values
  effective: Values
  onChange: (own: Values) => void
}

/** Every setting, by what it is about. */
export function SettingFields({ own, effective, onChange }: Props) {
  const change = (name: string, value: unknown) => onChange({ ...own, [name]: value })
  const reset = (name: string) => onChange(Object.fromEntries(Object.entries(own).filter(([key]) => key !== name)))
  return (
    <SpaceBetween size="s">
      {groupsOf(Object.keys(effective)).map((group, index) => (
        <Container key={group.title}>
          <ExpandableSection headerText={group.title} headingTagOverride="h2" defaultExpanded={index === 0}>
            <ColumnLayout columns={2} minColumnWidth={260}>
              {group.names.map((name) => (
                <SettingField
                  key={name}
                  name={name}
                  value={name in own ? own[name] : effective[name]}
                  isOwn={name in own}
                  onChange={(value) => change(name, value)}
                  onReset={() => reset(name)}
                />
              ))}
            </ColumnLayout>
          </ExpandableSection>
        </Container>
      ))}
    </SpaceBetween>
  )
}

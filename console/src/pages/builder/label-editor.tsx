import Button from '@cloudscape-design/components/button'
import Container from '@cloudscape-design/components/container'
import Header from '@cloudscape-design/components/header'
import SpaceBetween from '@cloudscape-design/components/space-between'
import { asGroup, type Label } from './definition'
import { GroupEditor } from './group-editor'
import { TextFields } from './text-fields'

interface Props {
  label: Label
  place: number
  segments: readonly string[]
  onChange: (label: Label) => void
  /** Undefined for the only label, which stays. */
  onRemove: (() => void) | undefined
}

/** A label with its texts, and the conditions that give it. */
export function LabelEditor({ label, place, segments, onChange, onRemove }: Props) {
  return (
    <Container
      header={
        <Header variant="h2" actions={onRemove && <Button onClick={onRemove}>Remove the label</Button>}>
          {place}. {label.label || 'Label'}
        </Header>
      }
    >
      <SpaceBetween size="m">
        <TextFields texts={label} onChange={(texts) => onChange({ ...label, ...texts })} />
        <GroupEditor
          group={asGroup(label.when)}
          depth={1}
          segments={segments}
          onChange={(when) => onChange({ ...label, when })}
        />
      </SpaceBetween>
    </Container>
  )
}

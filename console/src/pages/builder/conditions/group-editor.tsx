import Button from '@cloudscape-design/components/button'
import SegmentedControl from '@cloudscape-design/components/segmented-control'
import SpaceBetween from '@cloudscape-design/components/space-between'
import type { Choices } from '../choices'
import { ConditionEditor } from './condition-editor'
import { groupOf, isGroup, jointOf, newLeaf, partsOf, type Condition, type Group, type Joint } from './condition'

const DEEPEST = 4
const JOINTS = [
  { id: 'all', text: 'All of these' },
  { id: 'any', text: 'Any of these' },
]

interface Props {
  group: Group
  /** From 1: groups can be nested four deep. */
  depth: number
  choices: Choices
  onChange: (group: Group) => void
  onRemove?: () => void
}

/** Conditions joined by *and* or by *or*, with groups inside. */
export function GroupEditor({ group, depth, choices, onChange, onRemove }: Props) {
  const parts = partsOf(group)
  const withParts = (changed: readonly Condition[]) => onChange(groupOf(jointOf(group), changed))
  const replace = (place: number, condition: Condition) => withParts(parts.with(place, condition))
  const drop = (place: number) => withParts(parts.toSpliced(place, 1))
  return (
    <fieldset className="group">
      <legend>{jointOf(group) === 'all' ? 'Each condition holds' : 'One condition holds'}</legend>
      <SpaceBetween size="s">
        <SegmentedControl
          label="How the conditions are joined"
          selectedId={jointOf(group)}
          options={JOINTS}
          onChange={({ detail }) => onChange(groupOf(detail.selectedId as Joint, parts))}
        />
        {parts.map((part, place) =>
          isGroup(part) ? (
            <GroupEditor
              key={place}
              group={part}
              depth={depth + 1}
              choices={choices}
              onChange={(changed) => replace(place, changed)}
              onRemove={() => drop(place)}
            />
          ) : (
            <ConditionEditor
              key={place}
              condition={part}
              choices={choices}
              onChange={(changed) => replace(place, changed)}
              onRemove={() => drop(place)}
            />
          ),
        )}
        <SpaceBetween size="xs" direction="horizontal">
          <Button iconName="add-plus" onClick={() => withParts([...parts, newLeaf()])}>
            Add a condition
          </Button>
          {depth < DEEPEST && (
            <Button onClick={() => withParts([...parts, { any: [newLeaf()] }])}>Add a group</Button>
          )}
          {onRemove && <Button onClick={onRemove}>Remove the group</Button>}
        </SpaceBetween>
      </SpaceBetween>
    </fieldset>
  )
}

import ContentLayout from '@cloudscape-design/components/content-layout'
import Header from '@cloudscape-design/components/header'
import type { SetDocument } from '../../api/schema'
import { useGet } from '../../api/use-get'
import { setTitle } from '../../parts/set-names'
import { Empty } from '../../states/empty'
import { Loaded } from '../../states/loaded'
import { newConditional } from './conditions/condition'
import { SetForm } from './set-form'

const NEW: SetDocument = { name: '', in_use: true, shipped: false, definition: { ...newConditional() }, toml: '' }

/** One set in the editor, with the version of the settings that it belongs to. */
export function SetEditor({ name }: { name: string }) {
  const sets = useGet('/v1/segment-sets', {})
  const isNew = name === 'new'
  const title = isNew ? 'Build a set' : setTitle(name)
  return (
    <ContentLayout header={<Header variant="h1">{title}</Header>}>
      <div className="stack">
        <Loaded query={sets} what="the segment set">
          {({ items, version }) => {
            const document = isNew ? NEW : items.find((one) => one.name === name)
            if (!document) return <Empty title="There is no such set">Choose one in the list.</Empty>
            return <SetForm key={version} document={document} documents={items} version={version} onSaved={sets.reload} />
          }}
        </Loaded>
      </div>
    </ContentLayout>
  )
}

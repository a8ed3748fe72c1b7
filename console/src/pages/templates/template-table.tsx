import Button from '@cloudscape-design/components/button'
import Header from '@cloudscape-design/components/header'
import Link from '@cloudscape-design/components/link'
import SpaceBetween from '@cloudscape-design/components/space-between'
import StatusIndicator from '@cloudscape-design/components/status-indicator'
import Table from '@cloudscape-design/components/table'
import { saveJson } from '../../api/download'
import type { TemplateFacts } from '../../api/schema'
import { useAction } from '../../api/use-action'
import { get } from '../../api/use-get'
import { hrefOf } from '../../app/route'
import { moment } from '../../format/moments'
import { Empty } from '../../states/empty'
import { ProblemAlert } from '../../states/problem-alert'

interface Props {
  templates: readonly TemplateFacts[]
  onDuplicate: (template: TemplateFacts) => void
}

export function TemplateTable({ templates, onDuplicate }: Props) {
  return (
    <Table<TemplateFacts>
      header={<Header variant="h2" counter={`(${templates.length})`}>E-mail templates</Header>}
      items={templates}
      trackBy="id"
      wrapLines
      ariaLabels={{ tableLabel: 'E-mail templates' }}
      empty={<Empty title="There is no template yet">Make one, or import one that was exported.</Empty>}
      columnDefinitions={[
        {
          id: 'name',
          header: 'Template',
          minWidth: 160,
          isRowHeader: true,
          cell: (one) => <Link href={hrefOf(['templates', one.id])}>{one.name}</Link>,
        },
        { id: 'published', header: 'Published', minWidth: 150, cell: (one) => <Published template={one} /> },
        { id: 'draft', header: 'Draft', minWidth: 200, cell: (one) => `Version ${one.version}, ${moment(one.saved_at)}` },
        { id: 'actions', header: 'Actions', minWidth: 160, cell: (one) => <Actions template={one} onDuplicate={onDuplicate} /> },
      ]}
    />
  )
}

export function Published({ template: { published } }: { template: Pick<TemplateFacts, 'published'> }) {
  if (!published) return <StatusIndicator type="stopped">Not yet</StatusIndicator>
  return <StatusIndicator type="success">{`Version ${published.number}, ${moment(published.published_at)}`}</StatusIndicator>
}

function Actions({ template, onDuplicate }: { template: TemplateFacts; onDuplicate: (template: TemplateFacts) => void }) {
  const action = useAction()
  const exported = () =>
    void action.run(async () => {
      const file = await get('/v1/templates/{template_id}/export', { template_id: template.id })
      saveJson(file, template.id)
    })
  return (
    <SpaceBetween size="xs" direction="horizontal">
      <Button variant="inline-link" ariaLabel={`Duplicate ${template.name}`} onClick={() => onDuplicate(template)}>
        Duplicate
      </Button>
      <Button variant="inline-link" ariaLabel={`Export ${template.name}`} loading={action.busy} onClick={exported}>
        Export
      </Button>
      {action.problem && <ProblemAlert problem={action.problem} />}
    </SpaceBetween>
  )
}

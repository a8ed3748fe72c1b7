import { useRoute } from '../../app/route'
import { SetEditor } from './set-editor'
import { SetList } from './set-list'

/** Every segment set, or one of them in the editor. `new` is one that is not saved yet. */
export default function BuilderPage() {
  const [name] = useRoute().rest
  return name ? <SetEditor key={name} name={name} /> : <SetList />
}

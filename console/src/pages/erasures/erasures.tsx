import { useRoute } from '../../app/route'
import { ErasureListPage } from './erasure-list'
import { ErasurePage } from './erasure-page'

/** The people who are erased, by case, or one case. */
export default function ErasuresPage() {
  const [id] = useRoute().rest
  return id ? <ErasurePage key={id} id={id} /> : <ErasureListPage />
}

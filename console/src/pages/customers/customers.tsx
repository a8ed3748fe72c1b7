import { useRoute } from '../../app/route'
import { CustomerPage } from './customer-page'
import { CustomerList } from './customer-list'

/** All customers, or one customer's own page. */
export default function CustomersPage() {
  const [key] = useRoute().rest
  return key ? <CustomerPage customerKey={key} /> : <CustomerList />
}

import { useRoute } from '../../app/route'
import { MessageList } from './message-list'
import { MessagePage } from './message-page'

/** The mails that were sent on this machine, or one of them. */
export default function InboxPage() {
  const [id] = useRoute().rest
  return id ? <MessagePage key={id} id={id} /> : <MessageList />
}

/** What the console of this machine says about its inbox. The deployed API has no such routes. */

export interface LocalMessage {
  id: string
  to: string
  from: string
  subject: string
  /** Empty for a message without a date. */
  sent_at: string
}

export interface LocalMessages {
  messages: readonly LocalMessage[]
  /** How many there are. The list has the newest. */
  count: number
}

export interface WholeMessage extends LocalMessage {
  headers: readonly { name: string; value: string }[]
  html: string
  text: string
}

import type { ReactionChance } from '../../../api/schema'

export const REACTIONS: Readonly<Record<ReactionChance['reaction'], string>> = {
  opened: 'Open',
  clicked: 'Click',
  unsubscribed: 'Unsubscribe',
}

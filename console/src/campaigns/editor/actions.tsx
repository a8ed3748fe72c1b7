// Adding, choosing, moving and removing blocks by buttons and lists, beside dragging.
import { createUsePuck } from '@puckeditor/core'
import { useState } from 'react'
import { PALETTE } from './palette'
import { PAGE_ZONE, placedBlocks, places, type PlacedBlock, type SlotPlace } from './places'

const usePuck = createUsePuck()

/** Everything that can be done with blocks without a mouse. */
export function BlockActions() {
  return (
    <div className="template-actions" role="group" aria-label="Blocks">
      <AddBlock />
      <ChosenBlock />
    </div>
  )
}

function AddBlock() {
  const data = usePuck((state) => state.appState.data)
  const dispatch = usePuck((state) => state.dispatch)
  const [type, setType] = useState('text')
  const [zone, setZone] = useState(PAGE_ZONE)
  const every = places(data)
  const place = every.find((one) => one.zone === zone) ?? every[0]!
  const add = () => {
    const destinationIndex = endOf(place)
    dispatch({ type: 'insert', componentType: type, destinationIndex, destinationZone: place.zone })
    dispatch({ type: 'setUi', ui: { itemSelector: { index: destinationIndex, zone: place.zone } } })
  }
  return (
    <>
      <label>
        Block
        <select aria-label="Block" value={type} onChange={(event) => setType(event.target.value)}>
          {Object.entries(PALETTE.blocks).filter(([, kind]) => !kind.locked).map(([name, kind]) => (
            <option key={name} value={name}>{kind.label}</option>
          ))}
        </select>
      </label>
      <label>
        into
        <select aria-label="into" value={place.zone} onChange={(event) => setZone(event.target.value)}>
          {every.map((one) => <option key={one.zone} value={one.zone}>{one.label}</option>)}
        </select>
      </label>
      <button type="button" disabled={!place.allowed.includes(type)} onClick={add}>Add</button>
    </>
  )
}

function ChosenBlock() {
  const data = usePuck((state) => state.appState.data)
  const selector = usePuck((state) => state.appState.ui.itemSelector)
  const dispatch = usePuck((state) => state.dispatch)
  const every = placedBlocks(data)
  const zone = selector?.zone ?? PAGE_ZONE
  const chosen = selector ? every.find((one) => one.zone === zone && one.index === selector.index) : undefined
  const place = places(data).find((one) => one.zone === zone)
  const choose = (one?: PlacedBlock) =>
    dispatch({ type: 'setUi', ui: { itemSelector: one ? { index: one.index, zone: one.zone } : null } })
  const move = (by: number) => {
    if (!chosen) return
    const destinationIndex = chosen.index + by
    dispatch({ type: 'reorder', sourceIndex: chosen.index, destinationIndex, destinationZone: zone })
    dispatch({ type: 'setUi', ui: { itemSelector: { index: destinationIndex, zone } } })
  }
  const remove = () => {
    if (!chosen) return
    dispatch({ type: 'remove', index: chosen.index, zone })
    choose(undefined)
  }
  const fixed = !chosen || !place || isLocked(place, chosen.index)
  return (
    <>
      <label>
        Chosen
        <select
          aria-label="Chosen"
          value={chosen?.id ?? ''}
          onChange={(event) => choose(every.find((one) => one.id === event.target.value))}
        >
          <option value="">The page’s settings</option>
          {every.map((one) => <option key={one.id} value={one.id}>{one.label}</option>)}
        </select>
      </label>
      <button type="button" disabled={fixed || chosen.index === 0} onClick={() => move(-1)}>Move up</button>
      <button type="button" disabled={fixed || chosen.index + 1 >= endOf(place)} onClick={() => move(1)}>Move down</button>
      <button type="button" disabled={fixed} onClick={remove}>Remove</button>
    </>
  )
}

/** Where a block can be added last: the locked footer stays behind all others. */
function endOf({ blocks }: SlotPlace): number {
  const last = blocks.length - 1
  return last >= 0 && PALETTE.blocks[blocks[last]!.type]?.locked ? last : blocks.length
}

const isLocked = ({ blocks }: SlotPlace, index: number) => Boolean(PALETTE.blocks[blocks[index]?.type ?? '']?.locked)

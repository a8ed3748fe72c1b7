import { applyMode, Mode } from '@cloudscape-design/global-styles'
import { createContext, useContext, useEffect, useState, type ReactNode } from 'react'

export type Appearance = 'light' | 'dark'

interface Choice {
  appearance: Appearance
  toggle: () => void
}

const KEY = 'tessera-appearance'
const AppearanceContext = createContext<Choice>({ appearance: 'light', toggle: () => undefined })

/** Follows the system until the reader chooses, then remembers the choice. */
export function AppearanceProvider({ children }: { children: ReactNode }) {
  const [appearance, setAppearance] = useState<Appearance>(initial)
  useEffect(() => applyMode(appearance === 'dark' ? Mode.Dark : Mode.Light), [appearance])
  const toggle = () => {
    const next = appearance === 'dark' ? 'light' : 'dark'
    localStorage.setItem(KEY, next)
    setAppearance(next)
  }
  return <AppearanceContext value={{ appearance, toggle }}>{children}</AppearanceContext>
}

export const useAppearance = (): Choice => useContext(AppearanceContext)

function initial(): Appearance {
  const chosen = localStorage.getItem(KEY)
  if (chosen === 'light' || chosen === 'dark') return chosen
  return matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light'
}

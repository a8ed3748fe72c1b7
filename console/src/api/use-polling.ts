import { useEffect } from 'react'

/** Calls again every few seconds while something is under way and the tab is seen. */
export function usePolling(active: boolean, again: () => void, seconds = 3): void {
  useEffect(() => {
    if (!active) return
    const timer = setInterval(() => {
      if (!document.hidden) again()
    }, seconds * 1000)
    return () => clearInterval(timer)
  }, [active, again, seconds])
}

import { appSamples } from './app.ts'
import { botSamples } from './bot.ts'
import { companySamples } from './company.ts'
import { customerSamples } from './customers.ts'
import type { Samples } from './sample.ts'

/** Every callback that can be made by name. */
export const EVENTS: Samples = { ...customerSamples, ...companySamples, ...appSamples, ...botSamples }

/** The events a name means: in full, or by its last part (`add_external_contact`); customer events first when several fit. */
export function eventsNamed(name: string): string[] {
  if (EVENTS[name]) return [name]
  const fitting = Object.keys(EVENTS).filter((full) => full.endsWith(`.${name}`))
  const customers = fitting.filter((full) => full.startsWith('change_external_contact.'))
  return customers.length === 1 ? customers : fitting
}

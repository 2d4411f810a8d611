import type { AppRow } from '../store/rows-setup.ts'
import type { World } from '../world.ts'

const NEW: AppRow = {
  name: '知音',
  description: '',
  logo: '',
  home_url: '',
  report_location_flag: 0,
  isreportenter: 0,
  menu: [],
}

/** How the app is described at the moment. */
export function appOf(world: World): AppRow {
  return world.store.app.get('app') ?? NEW
}

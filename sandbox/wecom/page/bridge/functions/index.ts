import { basicFunctions } from './basic.ts'
import { chatFunctions } from './chat.ts'
import { contextFunctions } from './context.ts'
import type { BridgeFunction } from './kind.ts'
import { mediaFunctions } from './media.ts'
import { peopleFunctions } from './people.ts'
import { shareFunctions } from './share.ts'

/** Every function the client knows, by its name on the wire; configuration and checkJsApi are the bridge's own. */
export const bridgeFunctions: ReadonlyMap<string, BridgeFunction> = new Map(
  Object.entries({
    ...contextFunctions,
    ...chatFunctions,
    ...shareFunctions,
    ...peopleFunctions,
    ...mediaFunctions,
    ...basicFunctions,
  }),
)

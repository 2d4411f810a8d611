import { config } from 'zod'

// Imported first by the browser apps: their pages forbid making code at run time, and zod must not even try, for browsers report it.
config({ jitless: true })

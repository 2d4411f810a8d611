// Runs one TypeScript program of the tree: node scripts/run.mjs FILE ARGS…
import { spawn } from 'node:child_process'

const [file, ...args] = process.argv.slice(2)
const child = spawn(process.execPath, ['--import', 'tsx', file, ...args], { stdio: 'inherit' })
// The program decides how it ends; this waits for it.
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal))
child.on('exit', (code, signal) => (process.exitCode = signal === null ? (code ?? 1) : 1))

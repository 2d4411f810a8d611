// npm start: from a fresh clone to a working product with a living demo company.
// Options: --reset (begin anew) · --port N (3000) · --wecom-port N (3001) · --no-demo
import { spawn } from 'node:child_process'
import { has, installPackages, installProgram, packagesMissing } from './lib/install.mjs'
import { t } from './lib/language.mjs'
import { runMain, step, Stop } from './lib/say.mjs'

const [major, minor] = process.versions.node.split('.').map(Number)

await runMain(async () => {
  if (major < 20 || (major === 20 && minor < 19))
    throw new Stop(
      t(
        `需要 Node 20.19 或更新，现在是 ${process.version}`,
        `Node 20.19 or newer is needed, this is ${process.version}`,
      ),
    )
  if (packagesMissing()) await step(t('安装依赖包', 'Installing packages'), installPackages)
  if (!process.env.REDIS_URL && !has('redis-server'))
    await step(t('安装 redis-server', 'Installing redis-server'), () =>
      installProgram('redis', t('知音需要 redis-server。', 'Zhiyin needs redis-server.')),
    )
  const { build } = await import('./build.mjs')
  await step(t('构建服务端与前端', 'Building the server and the front ends'), build)
  const child = spawn(process.execPath, ['sandbox/dist/start.js', ...process.argv.slice(2)], { stdio: 'inherit' })
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'])
    process.on(signal, () => child.kill(signal === 'SIGHUP' ? 'SIGTERM' : signal))
  process.exitCode = await new Promise((resolve) => child.on('exit', (code) => resolve(code ?? 0)))
})

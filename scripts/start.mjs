// npm start: from a fresh clone to a working product with a living demo company.
import { spawn } from 'node:child_process'
import { has, installPackages, installProgram, packagesMissing } from './lib/install.mjs'
import { t } from './lib/language.mjs'
import { runMain, step, Stop } from './lib/say.mjs'

const [major, minor] = process.versions.node.split('.').map(Number)

const help = t(
  `npm start -- [选项]
  --data 目录       数据放在哪里（默认 .data）
  --reset           删掉数据，从头开始
  --port N          控制台与侧边栏的端口（默认 3000）
  --wecom-port N    企业微信替身的端口（默认 3001）
  --no-demo         不要演示公司`,
  `npm start -- [options]
  --data folder     where the data is kept (default .data)
  --reset           delete the data and begin anew
  --port N          port of the console and the sidebar (default 3000)
  --wecom-port N    port of the WeCom stand-in (default 3001)
  --no-demo         without the demo company`,
)

await runMain(async () => {
  // Before anything is installed or built.
  if (process.argv.includes('--help')) return console.log(help)
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

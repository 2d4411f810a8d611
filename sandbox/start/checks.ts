import { accessSync, constants, mkdirSync, statfsSync } from 'node:fs'
import { createServer } from 'node:net'
import { resolve } from 'node:path'
import { t } from './language.ts'

/** Something a person must mend: one clear sentence, no stack. */
export class Stop extends Error {}

const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : ''

/** Stops with a sentence when somebody else listens on the port. */
export const portIsFree = (port: number, option: string): Promise<void> =>
  new Promise((done, reject) => {
    const probe = createServer()
    probe.once('error', (error) => {
      if (codeOf(error) === 'EADDRINUSE')
        reject(
          new Stop(
            t(
              `端口 ${port} 已被占用：关掉占用它的程序，或换一个端口：npm start -- ${option} ${port + 100}`,
              `Port ${port} is in use: stop what uses it, or choose another: npm start -- ${option} ${port + 100}`,
            ),
          ),
        )
      else if (codeOf(error) === 'EACCES')
        reject(
          new Stop(
            t(
              `没有权限监听端口 ${port}，请选 1024 以上的：npm start -- ${option} 3100`,
              `No permission to listen on port ${port}; choose one above 1024: npm start -- ${option} 3100`,
            ),
          ),
        )
      else reject(error)
    })
    probe.listen(port, '127.0.0.1', () => probe.close(() => done()))
  })

/** Stops with a sentence when the data folder cannot be written or its disk is nearly full. */
export const folderIsUsable = (dir: string): void => {
  const path = resolve(dir)
  try {
    mkdirSync(path, { recursive: true })
    accessSync(path, constants.W_OK)
  } catch (error) {
    const code = codeOf(error)
    if (code === 'ENOSPC')
      throw new Stop(t(`磁盘已满，无法写入 ${path}`, `The disk is full; ${path} cannot be written`))
    throw new Stop(
      t(
        `无法写入数据目录 ${path}（${code}）：请检查它的权限`,
        `The data folder ${path} cannot be written (${code}): check its permissions`,
      ),
    )
  }
  const { bavail, bsize } = statfsSync(path)
  const freeMb = Math.floor((bavail * bsize) / 1_048_576)
  if (freeMb < 300)
    throw new Stop(
      t(`磁盘只剩 ${freeMb} MB，至少需要 300 MB`, `Only ${freeMb} MB are left on the disk; at least 300 MB are needed`),
    )
}

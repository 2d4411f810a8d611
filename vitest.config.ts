import { defineConfig } from 'vitest/config'
import vue from '@vitejs/plugin-vue'

const exclude = ['**/node_modules/**', '**/dist/**']

/** Unit and room tests run side by side; what starts whole processes (stories, browser) runs one file at a time. */
export default defineConfig({
  plugins: [vue()],
  test: {
    testTimeout: 30_000,
    hookTimeout: 60_000,
    // Every core: half of what tests do is waiting for stores and clocks.
    maxWorkers: '100%',
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: ['{shared,server,sandbox,bench,scripts}/**/*.test.ts', 'test/*.test.ts'],
          exclude: [...exclude, 'sandbox/wecom/page/**'],
          environment: 'node',
        },
      },
      {
        extends: true,
        test: {
          name: 'ui',
          include: ['{sidebar,console}/**/*.test.ts', 'sandbox/wecom/page/**/*.test.ts'],
          exclude,
          environment: 'happy-dom',
        },
      },
      {
        extends: true,
        test: { name: 'integration', include: ['test/{integration,mongo}/**/*.test.ts'], exclude, environment: 'node' },
      },
      {
        extends: true,
        test: {
          name: 'stories',
          include: ['test/{stories,e2e}/**/*.test.ts'],
          exclude,
          environment: 'node',
          fileParallelism: false,
          testTimeout: 180_000,
        },
      },
    ],
  },
})

import { defineConfig } from 'vitest/config'
import vue from '@vitejs/plugin-vue'

const exclude = ['**/node_modules/**', '**/dist/**']

/**
 * Unit and room tests run side by side; what starts whole processes (stories, browser) runs by itself, two files at a time. The files of a project
 * share the modules of their worker (`isolate: false`): loading them anew for each cost more than the tests. So no module keeps state,
 * and a test that replaces a global puts it back. `groupOrder`: one project after the other, since a worker serves one project only.
 */
export default defineConfig({
  plugins: [vue()],
  test: {
    testTimeout: 30_000,
    hookTimeout: 60_000,
    // Every core: half of what tests do is waiting for stores and clocks.
    maxWorkers: '100%',
    isolate: false,
    setupFiles: ['test/seed.ts'],
    // What comes at last comes late on a busy machine.
    expect: { poll: { timeout: 10_000 } },
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          sequence: { groupOrder: 1 },
          include: ['{shared,server,sandbox,bench,scripts}/**/*.test.ts', 'test/*.test.ts'],
          exclude: [...exclude, 'sandbox/wecom/page/**'],
          environment: 'node',
        },
      },
      {
        extends: true,
        test: {
          name: 'ui',
          sequence: { groupOrder: 2 },
          include: ['{sidebar,console}/**/*.test.ts', 'sandbox/wecom/page/**/*.test.ts'],
          exclude,
          environment: 'happy-dom',
        },
      },
      {
        extends: true,
        test: {
          name: 'integration',
          sequence: { groupOrder: 0 },
          include: ['test/{integration,mongo}/**/*.test.ts'],
          exclude,
          environment: 'node',
        },
      },
      {
        extends: true,
        test: {
          name: 'stories',
          sequence: { groupOrder: 3 },
          include: ['test/{stories,e2e}/**/*.test.ts'],
          exclude,
          environment: 'node',
          // Half of a story is waiting for what takes its time: two at once share the machine.
          maxWorkers: 2,
          testTimeout: 180_000,
        },
      },
    ],
  },
})

import vue from '@vitejs/plugin-vue'
import { defineConfig } from 'vite'

/** The console is served by the web role under /console/; in development its API calls go to a local server. */
export default defineConfig({
  base: '/console/',
  plugins: [vue()],
  define: { __VUE_I18N_LEGACY_API__: 'false', __INTLIFY_PROD_DEVTOOLS__: 'false' },
  build: { outDir: 'dist', emptyOutDir: true, target: 'es2022' },
  server: { proxy: { '/api': 'http://localhost:3000', '/auth': 'http://localhost:3000' } },
})

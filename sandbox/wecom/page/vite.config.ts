import vue from '@vitejs/plugin-vue'
import { defineConfig } from 'vite'

const standIn = 'http://127.0.0.1:3900'

export default defineConfig({
  root: import.meta.dirname,
  base: './',
  plugins: [vue()],
  build: { outDir: '../../dist/page', emptyOutDir: true, chunkSizeWarningLimit: 700 },
  server: { proxy: { '/sandbox': standIn } },
})

import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'

// A relative base: the same folder works under CloudFront and under the local server.
export default defineConfig({
  base: './',
  plugins: [react()],
  server: {
    host: '127.0.0.1',
    proxy: { '/v1': process.env.TESSERA_API ?? 'http://127.0.0.1:8787' },
  },
  build: { target: 'es2022', sourcemap: false, assetsInlineLimit: 0, chunkSizeWarningLimit: 1500 },
})

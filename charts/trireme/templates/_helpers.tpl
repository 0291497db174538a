{{/* Argo CD's names, which clients and habits know; there is one installation in a namespace. */}}
{{- define "trireme.server" -}}argocd-server{{- end }}
{{- define "trireme.repoServer" -}}argocd-repo-server{{- end }}
{{- define "trireme.controller" -}}argocd-application-controller{{- end }}
{{- define "trireme.redis" -}}argocd-redis{{- end }}

{{/* Labels of an object. Input: root, name, component. */}}
{{- define "trireme.labels" -}}
{{ include "trireme.selector" . }}
app.kubernetes.io/part-of: trireme
app.kubernetes.io/managed-by: {{ .root.Release.Service }}
app.kubernetes.io/version: {{ .root.Chart.AppVersion | quote }}
helm.sh/chart: {{ printf "%s-%s" .root.Chart.Name .root.Chart.Version | replace "+" "_" }}
{{- with .root.Values.commonLabels }}
{{ toYaml . }}
{{- end }}
{{- end }}

{{/* Labels that choose a component's pods. */}}
{{- define "trireme.selector" -}}
app.kubernetes.io/name: {{ .name }}
app.kubernetes.io/instance: {{ .root.Release.Name }}
app.kubernetes.io/component: {{ .component }}
{{- end }}

{{/* name, namespace, labels and annotations. Input: root, name, component, annotations (optional). */}}
{{- define "trireme.metadata" -}}
name: {{ .name }}
namespace: {{ .root.Release.Namespace }}
{{ include "trireme.looseMetadata" . }}
{{- end }}

{{- define "trireme.looseMetadata" -}}
labels:
  {{- include "trireme.labels" (merge (dict "name" (default .name .appName)) .) | nindent 2 }}
{{- with merge (dict) (default (dict) .annotations) .root.Values.commonAnnotations }}
annotations:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- end }}

{{/* Reference of an image. Input: image, default tag. */}}
{{- define "trireme.image" -}}
{{- $name := .image.repository -}}
{{- with .image.registry }}{{ $name = printf "%s/%s" . $name }}{{ end -}}
{{- if .image.digest }}{{ $name }}@{{ .image.digest }}{{ else }}{{ $name }}:{{ default .tag .image.tag }}{{ end -}}
{{- end }}

{{- define "trireme.serviceAccountName" -}}
{{- default (ternary .name "default" .values.serviceAccount.create) .values.serviceAccount.name -}}
{{- end }}

{{/* A name for a cluster-wide object: namespaces keep installations apart. */}}
{{- define "trireme.clusterName" -}}
{{ printf "%s-%s" .root.Release.Namespace .name | trunc 253 }}
{{- end }}

{{- define "trireme.containerSecurity" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
runAsNonRoot: true
capabilities:
  drop:
    - ALL
seccompProfile:
  type: RuntimeDefault
{{- end }}

{{/* Placement of a pod, from a component's values. */}}
{{- define "trireme.placement" -}}
{{- with .nodeSelector }}
nodeSelector:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .tolerations }}
tolerations:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .affinity }}
affinity:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .topologySpreadConstraints }}
topologySpreadConstraints:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- end }}

{{- define "trireme.redisAddress" -}}
{{- if .Values.redis.enabled -}}
{{ include "trireme.redis" . }}:6379
{{- else -}}
{{ required "externalRedis.host must be set where redis.enabled is false" .Values.externalRedis.host }}:{{ .Values.externalRedis.port }}
{{- end -}}
{{- end }}

{{/* The Secret and key that hold the password of Redis. */}}
{{- define "trireme.redisPasswordRef" -}}
{{- if and (not .Values.redis.enabled) .Values.externalRedis.existingSecret -}}
name: {{ .Values.externalRedis.existingSecret }}
key: {{ .Values.externalRedis.existingSecretPasswordKey }}
{{- else -}}
name: argocd-redis
key: auth
{{- end -}}
{{- end }}

{{/*
What every service is told, in this order: where it runs, Redis, the keys that seal and redact, the certificate
for talking to the other services, and Argo CD's parameters.
Input: root, service (key of files/parameters.yaml), values, probesPort.
*/}}
{{- define "trireme.environment" -}}
{{- if ne .service "repoServer" }}
- name: TRIREME_NAMESPACE
  valueFrom:
    fieldRef:
      fieldPath: metadata.namespace
{{- end }}
- name: REDIS_PASSWORD
  valueFrom:
    secretKeyRef:
      {{- include "trireme.redisPasswordRef" .root | nindent 6 }}
      optional: {{ not .root.Values.redis.enabled }}
{{- if eq .service "server" }}
- name: TRIREME_MAKE_TRUST
  value: "true"
{{- else }}
- name: TRIREME_TLS_DIR
  value: /etc/trireme/tls
- name: TRIREME_KEYS_FILE
  value: /etc/trireme/keys/keys.json
{{- end }}
- name: TRIREME_PROBES_ADDRESS
  value: 0.0.0.0:{{ .probesPort }}
{{- range $variable, $key := get (.root.Files.Get "files/parameters.yaml" | fromYaml) .service }}
{{- $parts := splitList "/" $key }}
- name: {{ $variable }}
  valueFrom:
    configMapKeyRef:
      name: {{ ternary (first $parts) "argocd-cmd-params-cm" (eq (len $parts) 2) }}
      key: {{ last $parts }}
      optional: true
{{- end }}
{{- end }}

{{/* What the user adds replaces what has the same name: a list with two of a name is refused. Input: own, extra. */}}
{{- define "trireme.mergedEnvironment" -}}
{{- $taken := list }}
{{- range .extra }}{{ $taken = append $taken .name }}{{ end }}
{{- $all := list }}
{{- range fromYamlArray .own }}{{ if not (has .name $taken) }}{{ $all = append $all . }}{{ end }}{{ end }}
{{- concat $all .extra | toYaml }}
{{- end }}

{{/* A change of settings that are read once must restart the pod. */}}
{{- define "trireme.podAnnotations" -}}
checksum/parameters: {{ include (print .root.Template.BasePath "/config/argocd-cmd-params-cm.yaml") .root | sha256sum }}
{{- with .values.podAnnotations }}
{{ toYaml . }}
{{- end }}
{{- end }}

{{/* Input: port, path, the rest of a probe's fields stay at what suits a service that starts within seconds. */}}
{{- define "trireme.probes" -}}
startupProbe:
  httpGet:
    path: /readyz
    port: probes
  periodSeconds: 1
  failureThreshold: 120
readinessProbe:
  httpGet:
    path: /readyz
    port: probes
  periodSeconds: 5
  timeoutSeconds: 3
livenessProbe:
  httpGet:
    path: /healthz
    port: probes
  periodSeconds: 10
  timeoutSeconds: 5
  failureThreshold: 6
{{- end }}

{{/*
What the api-server makes once and the other two wait for: a pod whose Secret is not there yet is not started.
The api-server itself reads them from the API, since it cannot wait for itself.
Input: component.
*/}}
{{- define "trireme.secretMounts" -}}
- name: keys
  mountPath: /etc/trireme/keys
  readOnly: true
- name: tls
  mountPath: /etc/trireme/tls
  readOnly: true
{{- end }}

{{- define "trireme.secretVolumes" -}}
- name: keys
  secret:
    secretName: trireme-keys
    defaultMode: 0440
- name: tls
  secret:
    secretName: trireme-tls-{{ .component }}
    defaultMode: 0440
{{- end }}

/** Written by packages/api/generate.mjs from the definition of appprojects.argoproj.io; not to be changed by hand. */
import type { KubeObject } from "../kubernetes.ts";

export interface AppProject extends KubeObject {
  apiVersion: "argoproj.io/v1alpha1";
  kind: "AppProject";
  spec: AppProjectSpec;
  status?: AppProjectStatus;
}

export interface AppProjectDestinationServiceAccounts {
  defaultServiceAccount: string;
  namespace?: string;
  server: string;
}

export interface AppProjectGit {
  policies: AppProjectPolicies[];
}

export interface AppProjectGpg {
  keys: string[];
  mode: string;
}

export interface AppProjectIgnore {
  group?: string;
  kind?: string;
  name?: string;
}

export interface AppProjectNamespaceResourceBlacklist {
  group: string;
  kind: string;
}

export interface AppProjectOrphanedResources {
  ignore?: AppProjectIgnore[];
  warn?: boolean;
}

export interface AppProjectPolicies {
  gpg: AppProjectGpg;
  repos: AppProjectRepos[];
}

export interface AppProjectRepos {
  url: string;
}

export interface AppProjectSignatureKeys {
  keyID: string;
}

export interface AppProjectSourceIntegrity {
  git: AppProjectGit;
}

export interface AppProjectSpec {
  clusterResourceBlacklist?: ClusterResourceRestrictionItem[];
  clusterResourceWhitelist?: ClusterResourceRestrictionItem[];
  description?: string;
  destinationServiceAccounts?: AppProjectDestinationServiceAccounts[];
  destinations?: ProjectDestination[];
  namespaceResourceBlacklist?: AppProjectNamespaceResourceBlacklist[];
  namespaceResourceWhitelist?: AppProjectNamespaceResourceBlacklist[];
  orphanedResources?: AppProjectOrphanedResources;
  permitOnlyProjectScopedClusters?: boolean;
  roles?: ProjectRole[];
  signatureKeys?: AppProjectSignatureKeys[];
  sourceIntegrity?: AppProjectSourceIntegrity;
  sourceNamespaces?: string[];
  sourceRepos?: string[];
  syncWindows?: SyncWindow[];
}

export interface AppProjectStatus {
  jwtTokensByRole?: Record<string, AppProjectValue>;
}

export interface AppProjectValue {
  items?: JWTToken[];
}

export interface ClusterResourceRestrictionItem {
  group: string;
  kind: string;
  name?: string;
}

export interface JWTToken {
  exp?: number;
  iat: number;
  id?: string;
}

export interface ProjectDestination {
  name?: string;
  namespace?: string;
  server?: string;
}

export interface ProjectRole {
  description?: string;
  groups?: string[];
  jwtTokens?: JWTToken[];
  name: string;
  policies?: string[];
}

export interface SyncWindow {
  andOperator?: boolean;
  applications?: string[];
  clusters?: string[];
  description?: string;
  duration?: string;
  kind?: string;
  manualSync?: boolean;
  namespaces?: string[];
  schedule?: string;
  syncOverrun?: boolean;
  timeZone?: string;
}

import { accountService } from "./account/service.ts";
import { applicationService } from "./application/service.ts";
import { applicationSetService } from "./applicationset/service.ts";
import { certificateService } from "./certificate/service.ts";
import { clusterService } from "./cluster/service.ts";
import { differenceService } from "./difference/service.ts";
import { directoryService } from "./directory/service.ts";
import { dryRunService } from "./dryrun/service.ts";
import { gpgKeyService } from "./gpgkey/service.ts";
import { notificationService } from "./notification/service.ts";
import { permissionService } from "./permission/service.ts";
import { previewService } from "./preview/service.ts";
import { projectService } from "./project/service.ts";
import { repoCredsService } from "./repocreds/service.ts";
import { repositoryService } from "./repository/service.ts";
import { rolloutService } from "./rollout/service.ts";
import { releaseService } from "./release/service.ts";
import type { RpcTable } from "./rpc.ts";
import { sessionService } from "./session/service.ts";
import { settingsService } from "./settings/service.ts";
import { signInService } from "./signin/service.ts";
import { streamService } from "./stream/service.ts";
import { timelineService } from "./timeline/service.ts";
import { versionService } from "./version/service.ts";
import { whyService } from "./why/service.ts";

/** Every RPC that this service answers; what is not here answers Unimplemented. */
export const RPCS: RpcTable = {
  "account.AccountService": accountService,
  "application.ApplicationService": applicationService,
  "applicationset.ApplicationSetService": applicationSetService,
  "certificate.CertificateService": certificateService,
  "cluster.ClusterService": clusterService,
  "cluster.SettingsService": settingsService,
  "gpgkey.GPGKeyService": gpgKeyService,
  "notification.NotificationService": notificationService,
  "project.ProjectService": projectService,
  "repocreds.RepoCredsService": repoCredsService,
  "repository.RepositoryService": repositoryService,
  "rollout.RolloutService": rolloutService,
  "session.SessionService": sessionService,
  "trireme.v1.DifferenceService": differenceService,
  "trireme.v1.DirectoryService": directoryService,
  "trireme.v1.DryRunService": dryRunService,
  "trireme.v1.PermissionService": permissionService,
  "trireme.v1.PreviewService": previewService,
  "trireme.v1.ReleaseService": releaseService,
  "trireme.v1.SignInService": signInService,
  "trireme.v1.StreamService": streamService,
  "trireme.v1.TimelineService": timelineService,
  "trireme.v1.WhyService": whyService,
  "version.VersionService": versionService,
};

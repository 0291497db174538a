/** Settings. Each text in English and in Korean; `{name}` is filled in. Keys are sorted. */
export const settings = {
  "settings.accounts": ["Accounts and tokens", "계정과 토큰"],
  "settings.certificates": ["Certificates and known hosts", "인증서와 알려진 호스트"],
  "settings.clusters": ["Clusters", "클러스터"],
  "settings.elsewhere": ["Not on this page yet:", "아직 이 페이지에 없습니다:"],
  "settings.projects": ["Projects", "프로젝트"],
  "settings.repos": ["Git repositories and how they are reached", "Git 저장소와 연결 방법"],
} as const;

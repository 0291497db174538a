/** The head of one application. Each text in English and in Korean; `{name}` is filled in. Keys are sorted. */
export const applications = {
  "app.delete": ["DELETE", "삭제"],
  "app.deleted": ["This application was deleted. What you see is the last that was known of it.", "이 애플리케이션은 삭제되었습니다. 마지막으로 알려진 상태를 표시합니다."],
  "app.lastOperation": ["Last operation", "마지막 작업"],
  "app.notShown": ["There is no application named {name}, or you are not allowed to see it.", "{name} 애플리케이션이 없거나 볼 수 있는 권한이 없습니다."],
  "app.path": ["Where you are", "현재 위치"],
  "app.policy": ["Sync policy", "동기화 정책"],
  "app.refresh": ["REFRESH", "새로 고침"],
  "app.refreshHard": ["Hard refresh: render everything again", "강제 새로 고침: 모두 다시 렌더링"],
  "app.refreshMore": ["More ways to refresh", "다른 새로 고침 방법"],
  "app.sync": ["SYNC", "동기화"],
  "app.toList": ["Show all applications", "모든 애플리케이션 보기"],
  "policy.automated": ["Automated", "자동"],
  "policy.manual": ["Manual", "수동"],
} as const;

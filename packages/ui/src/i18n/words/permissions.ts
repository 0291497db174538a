/** What the reader may not do. Each text in English and in Korean; `{name}` is filled in. Keys are sorted. */
export const permissions = {
  "permission.missing": ["Not allowed: {permission}", "권한 없음: {permission}"],
} as const;

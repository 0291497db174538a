/** Signing in and out. Each text in English and in Korean; `{name}` is filled in. Keys are sorted. */
export const session = {
  "signIn.noLocal": ["No local account may sign in here. Operators enable one in the ConfigMap argocd-cm.", "로그인할 수 있는 로컬 계정이 없습니다. 운영자가 ConfigMap argocd-cm에서 계정을 활성화할 수 있습니다."],
  "signIn.over": ["Your session is over. Sign in again to go on where you were; what you were writing is still there.", "세션이 만료되었습니다. 다시 로그인하면 하던 곳에서 계속할 수 있습니다. 작성 중이던 내용은 그대로 있습니다."],
  "signIn.password": ["Password", "비밀번호"],
  "signIn.providers": ["Single sign-on", "통합 로그인"],
  "signIn.show": ["Show the password", "비밀번호 표시"],
  "signIn.sso.notYet": ["Not available: signing in through an identity provider is not supported yet.", "지원하지 않음: 아직 외부 인증 제공자로 로그인할 수 없습니다."],
  "signIn.sso.useLocal": ["Use a local account.", "로컬 계정을 사용하세요."],
  "signIn.submit": ["SIGN IN", "로그인"],
  "signIn.title": ["Sign in", "로그인"],
  "signIn.via": ["SIGN IN VIA {name}", "{name}(으)로 로그인"],
  "signIn.username": ["User name", "사용자 이름"],
} as const;

/** Signing in and out. Each text in English and in Korean; `{name}` is filled in. Keys are sorted. */
export const session = {
  "signIn.password": ["Password", "비밀번호"],
  "signIn.show": ["Show the password", "비밀번호 표시"],
  "signIn.submit": ["SIGN IN", "로그인"],
  "signIn.title": ["Sign in", "로그인"],
  "signIn.username": ["User name", "사용자 이름"],
} as const;

/** The views of one application. Each text in English and in Korean; `{name}` is filled in. Keys are sorted. */
export const views = {
  "aspect.health": ["Health", "상태"],
  "aspect.kind": ["Kind", "종류"],
  "aspect.sync": ["Sync", "동기화"],
  "object.created": ["Age", "생성"],
  "object.health": ["Health", "상태"],
  "object.kind": ["Kind", "종류"],
  "object.name": ["Name", "이름"],
  "object.namespace": ["Namespace", "네임스페이스"],
  "object.sync": ["Sync", "동기화"],
  "view.list": ["List", "목록"],
  "view.tree": ["Tree", "트리"],
  "views.choose": ["Ways of looking at it", "보기 방식"],
  "views.filter": ["Narrow down the objects", "오브젝트 필터"],
  "views.noneFits": ["No object fits these filters.", "이 필터에 맞는 오브젝트가 없습니다."],
  "views.search": ["Search objects", "오브젝트 검색"],
  "views.title": ["Objects", "오브젝트"],
} as const;

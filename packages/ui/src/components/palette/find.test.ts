import { findCommands, type Command } from "./find.ts";

const command = (group: string, text: string, also = ""): Command => ({ id: `${group} ${text}`, group, text, also, run: () => undefined });
const ALL = [command("do", "애플리케이션 동기화", "Sync the application"), command("go", "Settings"), command("go", "Repositories"), command("apps", "shop-sync"), command("apps", "sync"), command("apps", "web-shop"), command("apps", "shop")];
const found = (search: string, most = 10): string[] => findCommands(ALL, search, most).map(({ text }) => text);

test.each([
  ["", ["애플리케이션 동기화", "Settings", "Repositories", "shop-sync", "sync", "web-shop", "shop"]],
  ["sync", ["sync", "shop-sync", "애플리케이션 동기화"]],
  ["SHOP", ["shop", "shop-sync", "web-shop"]],
  ["shop web", ["web-shop"]],
  ["동기화", ["애플리케이션 동기화"]],
  ["nothing", []],
])("%s finds %j", (search, texts) => expect(found(search)).toEqual(texts));

it("shows so many of a heading", () => expect(found("", 1)).toEqual(["애플리케이션 동기화", "Settings", "shop-sync"]));

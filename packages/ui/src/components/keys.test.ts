import { keyLines } from "./keys.ts";

it("tells what works here and what works everywhere, a line for what is done", () => {
  expect(keyLines(new Set(["?", "k", "j", "ArrowDown", "1", "2", "g a"]))).toMatchObject({
    here: [{ keys: ["j", "k", "↓"], text: "help.move" }, { keys: ["1", "2"], text: "help.view" }, { keys: ["Enter"], text: "help.open" }],
    everywhere: [{ keys: ["g a"], text: "help.applications" }, { keys: ["Esc"], text: "help.close" }, { keys: ["?"], text: "help.help" }],
  });
});

import { Chat } from "./chat.ts";
import { JoinForm } from "./join-form.ts";
import { pageDefaults } from "./page-defaults.ts";
import { toProblem } from "./problem.ts";

const chat = new Chat({
  begun: () => form.hide(),
  ended: (problem) => form.show(problem),
});
const form = new JoinForm(pageDefaults(location.href), {
  join: (joining) => {
    try {
      chat.join(joining);
    } catch (error) {
      form.show(toProblem(error));
      return;
    }
    form.wait();
  },
  cancel: () => chat.leave(),
});
form.show();

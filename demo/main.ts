import { Chat } from "./chat.ts";
import { JoinForm } from "./join-form.ts";
import { pageDefaults } from "./page-defaults.ts";

const chat = new Chat((problem) => form.show(problem));
const form = new JoinForm(pageDefaults(location.href), (joining) => {
  try {
    chat.join(joining);
    form.hide();
  } catch (error) {
    form.show(error instanceof Error ? error.message : String(error));
  }
});
form.show();

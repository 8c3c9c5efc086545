import { Chat } from "./chat.ts";
import { describeFault } from "./describe-fault.ts";
import { JoinForm } from "./join-form.ts";
import { pageDefaults } from "./page-defaults.ts";

const chat = new Chat({
  begun: () => form.hide(),
  ended: (problem) => form.show(problem),
});
const form = new JoinForm(pageDefaults(location.href), {
  join: (joining) => {
    try {
      chat.join(joining);
      form.wait();
    } catch (error) {
      form.show(describeFault(error));
    }
  },
  cancel: () => chat.leave(),
});
form.show();

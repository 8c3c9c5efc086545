import { useState } from "react";
import { Chat } from "./chat.tsx";

/** Asks for a name, then shows the chat. */
export function App() {
  const [user, setUser] = useState<string>();

  if (user !== undefined) {
    return <Chat user={user} onLeave={() => setUser(undefined)} />;
  }
  return (
    <main>
      <h1>Chat</h1>
      <form action={(form: FormData) => setUser(String(form.get("user")))}>
        <label>
          Your name
          <input name="user" required maxLength={64} autoComplete="nickname" />
        </label>
        <button type="submit">Join</button>
      </form>
    </main>
  );
}

import { useChannel } from "./use-channel.ts";

const CHANNEL = "lobby";

/** The conversation of one user in the lobby. */
export function Chat({ user, onLeave }: { user: string; onLeave: () => void }) {
  const { connection, messages, send } = useChannel(user, CHANNEL);

  return (
    <main>
      <header>
        <h1>{CHANNEL}</h1>
        <output>{connection.state}</output>
        <button type="button" onClick={onLeave}>
          Leave
        </button>
      </header>
      {connection.state === "closed" && <p role="alert">{connection.reason}</p>}
      <ol role="log" aria-label="Messages">
        {messages.map(({ id, from, text, status }) => (
          <li key={id}>
            <b>{from}</b> {text} {status !== undefined && <small>{status}</small>}
          </li>
        ))}
      </ol>
      <form action={(form: FormData) => void send(String(form.get("text")))}>
        <label>
          Message
          <input name="text" required maxLength={2000} autoComplete="off" />
        </label>
        <button type="submit" disabled={connection.state === "closed"}>
          Send
        </button>
      </form>
    </main>
  );
}

/** The text that answers "who am I?" in a form that no other client can forge; `id` is the asker's own. */
export function idFrame(id: string, connectionId: string): string {
  return JSON.stringify({ relay: "id", id, connectionId });
}

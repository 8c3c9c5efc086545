import type { RelayMessage } from "../client/index.ts";
import { createElement } from "./create-element.ts";
import { nameElement } from "./name-element.ts";
import type { Recipient } from "./recipient.ts";

/** Who sent a message, as a button that answers it; a backend cannot be answered. */
export function senderElement(
  { user, connectionId, service }: RelayMessage["from"],
  onAnswer: (to: Recipient) => void,
): HTMLElement {
  if (connectionId === undefined) {
    return createElement("span", "sender", nameElement(service ?? "A backend"));
  }
  const button = createElement("button", "sender", createElement("bdi", "", user ?? connectionId));
  button.type = "button";
  button.title = `Write to ${user ?? connectionId} alone`;
  const to = user === undefined ? { connection: connectionId } : { user };
  button.addEventListener("click", () => onAnswer(to));
  return button;
}

import type { Member, MembersFrame } from "../../../protocol/frames.ts";
import { MAX_MEMBERS_FRAME_BYTES, MAX_MEMBERS_PER_FRAME } from "../../../protocol/limits.ts";
import {
  answerBackend,
  answerMember,
  type BackendInput,
  type BackendReport,
  type MessageInput,
  type MessageReport,
  type MessageUseCase,
} from "../answer.ts";
import { type MembersQuestion, parseMembers } from "../channel-messages.ts";
import { expiresIn, isLive } from "../connection.ts";
import type { DeliveryOptions } from "../delivery.ts";
import { type Rejection, rejection } from "../errors.ts";
import type { Parts } from "../parts.ts";
import type { MembersPage } from "../ports.ts";

/** Somebody asks who is in a channel: a client that is in it, or a backend. */
export class ListMembers implements MessageUseCase {
  readonly #parts: Parts;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** Sends the client a page of the channel's members, if it is one of them. */
  async execute(input: MessageInput): Promise<MessageReport> {
    const parsed = parseMembers(input.message);
    const stranger = rejection("FORBIDDEN", "notInChannel");
    return await answerMember(this.#parts, input, parsed, stranger, (question, options) =>
      this.#read(question, parsed.id, options),
    );
  }

  /** Returns a page of the channel's members to a backend. Never rejects. */
  async executeForBackend(input: BackendInput): Promise<BackendReport<MembersFrame>> {
    const parsed = parseMembers(input.request, '"members"');
    return await answerBackend(input, parsed, async (question, options) => {
      const frame = await this.#read(question, parsed.id, options);
      return "code" in frame ? frame : { answer: frame, summary: undefined };
    });
  }

  /** Reads a page, unless the store fails. */
  async #read(
    { channel, after }: MembersQuestion,
    id: string | undefined,
    { deadline, onFailure }: DeliveryOptions,
  ): Promise<MembersFrame | Rejection> {
    try {
      const page = await this.#parts.store.findMembers(
        channel,
        { after, limit: MAX_MEMBERS_PER_FRAME },
        deadline,
      );
      return membersFrame(channel, page, id, this.#parts.clock());
    } catch (failure) {
      onFailure(failure);
      return rejection("UNAVAILABLE", "members");
    }
  }
}

/** The frame with as many of the page's live members as it has space for; the next page begins after the last of them. */
function membersFrame(
  channel: string,
  page: MembersPage,
  id: string | undefined,
  now: number,
): MembersFrame {
  const live = page.members.filter((it) => isLive(it, now));
  const members: Required<Member>[] = [];
  // The longest cursor is another connection id.
  const longest = live.reduce((most, { connectionId }) => Math.max(most, connectionId.length), 0);
  const frame: Required<MembersFrame> = {
    relay: "members",
    channel,
    members,
    next: page.next ?? "=".repeat(longest),
    id,
  };
  let bytes = bytesOf(frame);
  for (const it of live) {
    const { connectionId, user, since } = it;
    const member = { connectionId, user, since, expiresIn: expiresIn(it, now) };
    bytes += bytesOf(member) + ",".length;
    if (bytes > MAX_MEMBERS_FRAME_BYTES) {
      return { ...frame, next: members.at(-1)?.connectionId };
    }
    members.push(member);
  }
  return { ...frame, next: page.next };
}

function bytesOf(value: unknown): number {
  return new TextEncoder().encode(JSON.stringify(value)).length;
}

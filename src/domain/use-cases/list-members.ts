import type { ErrorFrame, Member, MembersFrame } from "../../../protocol/frames.ts";
import { MAX_MEMBERS_FRAME_BYTES, MAX_MEMBERS_PER_FRAME } from "../../../protocol/limits.ts";
import {
  type Answer,
  answerSender,
  type BackendInput,
  type BackendReport,
  type MessageInput,
  type MessageReport,
  type MessageUseCase,
  reject,
  rejectBackend,
} from "../answer.ts";
import { type MembersQuestion, parseMembers } from "../channel-messages.ts";
import { expiresIn, isLive } from "../connection.ts";
import type { Delivery, DeliveryOptions } from "../delivery.ts";
import { rejection } from "../errors.ts";
import { Failures } from "../failures.ts";
import type { Clock, ConnectionStore, MembersPage } from "../ports.ts";
import { notFound, type Registrations } from "../registrations.ts";

/** Somebody asks who is in a channel: a client that is in it, or a backend. */
export class ListMembers implements MessageUseCase {
  readonly #store: ConnectionStore;
  readonly #registrations: Registrations;
  readonly #delivery: Delivery;
  readonly #clock: Clock;

  constructor(
    store: ConnectionStore,
    registrations: Registrations,
    delivery: Delivery,
    clock: Clock,
  ) {
    this.#store = store;
    this.#registrations = registrations;
    this.#delivery = delivery;
    this.#clock = clock;
  }

  /** Sends the client a page of the channel's members, if it is one of them. */
  async execute(input: MessageInput): Promise<MessageReport> {
    return await answerSender(this.#delivery, input, (options) => this.#answer(input, options));
  }

  /** Returns a page of the channel's members to a backend. Never rejects. */
  async executeForBackend(input: BackendInput): Promise<BackendReport<MembersFrame | ErrorFrame>> {
    const parsed = parseMembers(input.request, '"members"');
    const { id } = parsed;
    if (parsed.kind === "invalid") {
      return rejectBackend(parsed.rejection, id, input);
    }
    const failures = new Failures();
    const options = { deadline: input.deadline, onFailure: failures.add };
    const answer = await this.#read(parsed.request, id, options);
    return answer === undefined
      ? rejectBackend(rejection("UNAVAILABLE", "members"), id, input, failures)
      : { answer, summary: undefined, failures: failures.first };
  }

  async #answer(input: MessageInput, options: DeliveryOptions): Promise<Answer> {
    const { connectionId, registration } = input;
    const parsed = parseMembers(input.message);
    const { id } = parsed;
    if (parsed.kind === "invalid") {
      return reject(parsed.rejection, id, input);
    }
    const { channel } = parsed.request;
    const found = await this.#registrations.findInChannel(
      connectionId,
      channel,
      options,
      registration,
    );
    if (found.kind === "stranger") {
      return reject(rejection("FORBIDDEN", "notInChannel"), id, input);
    }
    if (found.kind !== "member") {
      return reject(notFound(found), id, input);
    }
    const frame = await this.#read(parsed.request, id, options);
    return frame === undefined
      ? reject(rejection("UNAVAILABLE", "members"), id, input)
      : { text: JSON.stringify(frame) };
  }

  /** Reads a page; undefined if the store failed. */
  async #read(
    { channel, after }: MembersQuestion,
    id: string | undefined,
    { deadline, onFailure }: DeliveryOptions,
  ): Promise<MembersFrame | undefined> {
    try {
      const page = await this.#store.findMembers(
        channel,
        { after, limit: MAX_MEMBERS_PER_FRAME },
        deadline,
      );
      return membersFrame(channel, page, id, this.#clock());
    } catch (failure) {
      onFailure(failure);
      return undefined;
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

import type { Member, MembersFrame } from "../../../protocol/frames.ts";
import { MAX_MEMBERS_FRAME_BYTES, MAX_MEMBERS_PER_FRAME } from "../../../protocol/limits.ts";
import { type MembersQuestion, parseMembers } from "../channel-messages.ts";
import { ChannelQuestion } from "../channel-question.ts";
import { expiresIn, isLive } from "../connection.ts";
import type { DeliveryOptions } from "../delivery.ts";
import { Rejection, rejection } from "../errors.ts";
import { attempt } from "../failures.ts";
import { bytesOf } from "../messages.ts";
import type { MembersPage } from "../ports.ts";

/** Somebody asks who is in a channel: a client that is in it, or a backend. They get a page of its members. */
export class ListMembers extends ChannelQuestion<MembersQuestion, MembersFrame> {
  protected override readonly name = "members";
  protected override readonly stranger = rejection("FORBIDDEN", "notInChannel");
  protected override readonly parse = parseMembers;

  protected override async read(
    { channel, after }: MembersQuestion,
    id: string | undefined,
    options: DeliveryOptions,
  ): Promise<MembersFrame | Rejection> {
    const { store, clock } = this.parts;
    const limits = { after, limit: MAX_MEMBERS_PER_FRAME };
    const find = () => store.findMembers(channel, limits, options.deadline);
    const page = await attempt(options, find, rejection("UNAVAILABLE", "members"));
    return page instanceof Rejection ? page : membersFrame(channel, page, id, clock());
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
  let bytes = bytesOf(JSON.stringify(frame));
  for (const it of live) {
    const { connectionId, user, since } = it;
    const member = { connectionId, user, since, expiresIn: expiresIn(it, now) };
    bytes += bytesOf(JSON.stringify(member)) + ",".length;
    if (bytes > MAX_MEMBERS_FRAME_BYTES) {
      return { ...frame, next: members.at(-1)?.connectionId };
    }
    members.push(member);
  }
  return { ...frame, next: page.next };
}

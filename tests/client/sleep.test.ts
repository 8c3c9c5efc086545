import { SYSTEM_CLOCK } from "../../client/platform.ts";
import { openClient } from "./support/fake-client.ts";
import { FakeClock } from "./support/fake-clock.ts";

test("after the machine was asleep the connection is asked within seconds, and replaced when it is dead", async () => {
  const { client, clock, socket, sockets } = await openClient();
  await clock.advance(10_000);
  clock.sleep(3_600_000);
  await clock.advance(2000);
  expect(socket.heartbeats).toBe(2);
  await clock.advance(10_000);
  expect(client.state).toBe("reconnecting");
  await clock.advance(1000);
  expect(sockets.length).toBe(2);
});

test("after a sleep an attempt that waits begins within seconds", async () => {
  const { clock, socket, sockets } = await openClient({ baseDelay: 30_000 });
  socket.drop();
  await clock.advance(5000);
  clock.sleep(60_000);
  await clock.advance(2000);
  expect(sockets.length).toBe(2);
});

test("where timers and now go on in a sleep, without the time of day, it is noticed as well", async () => {
  class Overslept extends FakeClock {
    skipped = 0;
    override now(): number {
      return super.now() + this.skipped;
    }
  }
  const clock = Object.assign(new Overslept(), { timeOfDay: undefined as never });
  const { socket } = await openClient({ clock });
  await clock.advance(1000);
  clock.skipped = 60_000;
  await clock.advance(2000);
  expect(socket.heartbeats).toBe(2);
});

test("without a sleep nothing is asked, and a time of day that is set back costs one question at most", async () => {
  const { clock, socket } = await openClient();
  await clock.advance(100_000);
  expect(socket.heartbeats).toBe(1);
  clock.sleep(-7_200_000);
  for (let second = 0; second < 60; second++) {
    await clock.advance(1000);
    socket.register("Nq3xYd7RiYcCG4A=", 7000);
  }
  expect(socket.heartbeats).toBeLessThanOrEqual(2);
});

test("timers that a browser lets run once a minute are no sleep each time", async () => {
  const { clock, socket } = await openClient();
  for (let minute = 0; minute < 4; minute++) {
    await clock.advance(2000);
    clock.sleep(58_000);
    socket.register("Nq3xYd7RiYcCG4A=", 7000);
  }
  expect(socket.heartbeats).toBe(2);
  clock.sleep(600_000);
  await clock.advance(2000);
  expect(socket.heartbeats).toBe(3);
});

test("the platform's clock has the time of day, which goes on while the machine sleeps", () => {
  expect(Math.abs(Number(SYSTEM_CLOCK.timeOfDay?.()) - Date.now())).toBeLessThan(60_000);
});

test("the platform's clock goes on when somebody sets the time of day back", () => {
  const timeOfDay = Date.now;
  const before = SYSTEM_CLOCK.now();
  try {
    Date.now = () => timeOfDay() - 3_600_000;
    expect(SYSTEM_CLOCK.now()).toBeGreaterThanOrEqual(before);
  } finally {
    Date.now = timeOfDay;
  }
});

/** Connects to the API. `next()` resolves with the next message, whether it has arrived already or not. */
export async function connect(url) {
  const socket = new WebSocket(url);
  const arrived = [];
  const waiting = [];
  socket.addEventListener("message", ({ data }) => {
    const message = JSON.parse(data);
    const resolve = waiting.shift();
    if (resolve) {
      resolve(message);
    } else {
      arrived.push(message);
    }
  });
  await new Promise((resolve, reject) => {
    socket.addEventListener("open", resolve);
    socket.addEventListener("error", () => reject(new Error(`There is no connection to ${url}.`)));
  });
  return {
    send: (message) => socket.send(JSON.stringify(message)),
    next: () =>
      arrived.length > 0 ? arrived.shift() : new Promise((resolve) => waiting.push(resolve)),
    close: () => socket.close(),
  };
}

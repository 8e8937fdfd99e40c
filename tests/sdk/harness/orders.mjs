// The orders of examples/backend, in the same format.
const CATALOG = [
  ["Desk lamp, brass", 5_490, "2026-01-06T08:14:00Z"],
  ["Ballpoint refills, box of 10", 890, "2026-01-19T16:40:00Z"],
  ["Notebook A5, dotted", 1_250, "2026-02-02T11:05:00Z"],
  ["USB-C cable, 2 m", 1_490, "2026-02-17T19:22:00Z"],
  ["Office chair, grey", 24_900, "2026-03-05T07:58:00Z"],
  ["Coffee beans, 1 kg", 2_290, "2026-03-23T13:31:00Z"],
  ["Monitor arm", 8_900, "2026-04-14T09:47:00Z"],
  ["Sticky notes, yellow", 450, "2026-05-08T15:12:00Z"],
  ["Mechanical keyboard", 11_900, "2026-06-01T20:03:00Z"],
  ["Noise-cancelling headphones", 27_900, "2026-07-20T10:26:00Z"],
  ["Printer paper, 500 sheets", 690, "2026-08-11T12:00:00Z"],
  ["Webcam, 1080p", 6_900, "2026-09-29T17:55:00Z"],
];
const ADDED_LIMIT = 50;

export const isoDate = (ms) => new Date(ms).toISOString().replace(/\.\d+Z$/, "Z");

export class Orders {
  #added = new Map();

  of(userId) {
    const start = seed(userId);
    const history = CATALOG.map(([item, price, placedAt], index) => {
      const quantity = [1, 2, 1, 3, 1][(start + index) % 5];
      return { id: orderId(userId, index), item, quantity, total_cents: price * quantity, placed_at: placedAt };
    });
    return [...history, ...this.#of(userId)];
  }

  // One for each order.
  invoicesOf(userId) {
    return this.of(userId).map(({ id, total_cents, placed_at }) => {
      return { id: id.replace("A", "R"), order_id: id, total_cents, issued_at: placed_at };
    });
  }

  // { order }, or { status, message } if the order is invalid.
  place(userId, wish) {
    const item = typeof wish?.item === "string" ? wish.item.trim() : "";
    const quantity = wish?.quantity;
    if (!item || item.length > 80) return { status: 400, message: "item must have 1 to 80 characters" };
    if (!Number.isInteger(quantity) || quantity < 1 || quantity > 99) {
      return { status: 400, message: "quantity must be 1 to 99" };
    }
    const mine = this.#of(userId);
    if (mine.length >= ADDED_LIMIT) return { status: 503, message: `no more than ${ADDED_LIMIT} new orders of a user` };
    const [, price] = CATALOG.find(([name]) => name.toLowerCase() === item.toLowerCase()) ?? [item, 1_000];
    const id = orderId(userId, CATALOG.length + mine.length);
    const order = { id, item, quantity, total_cents: price * quantity, placed_at: isoDate(Date.now()) };
    this.#added.set(userId, [...mine, order]);
    return { order };
  }

  #of(userId) {
    return this.#added.get(userId) ?? [];
  }
}

const orderId = (userId, index) => `A-${10_000 + (seed(userId) % 500) * 100 + index}`;
const seed = (userId) => [...Buffer.from(userId)].reduce((sum, byte) => (sum * 31 + byte) % 9_973, 7);

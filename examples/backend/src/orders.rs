//! Each user's orders.

use std::collections::HashMap;
use std::sync::Mutex;

use serde::{Deserialize, Serialize};

use crate::clock::{iso_date, now_ms};
use crate::error::ApiError;
use crate::state::lock;

/// How many orders a user may add.
const ADDED_LIMIT: usize = 50;
const LONGEST_ITEM: usize = 80;
const PRICE_OF_OTHER_ITEMS: u32 = 1_000;

/// The items of the shop, with the price in cents and the time of the user's last order.
const CATALOG: [(&str, u32, &str); 12] = [
    ("Desk lamp, brass", 5_490, "2026-01-06T08:14:00Z"),
    ("Ballpoint refills, box of 10", 890, "2026-01-19T16:40:00Z"),
    ("Notebook A5, dotted", 1_250, "2026-02-02T11:05:00Z"),
    ("USB-C cable, 2 m", 1_490, "2026-02-17T19:22:00Z"),
    ("Office chair, grey", 24_900, "2026-03-05T07:58:00Z"),
    ("Coffee beans, 1 kg", 2_290, "2026-03-23T13:31:00Z"),
    ("Monitor arm", 8_900, "2026-04-14T09:47:00Z"),
    ("Sticky notes, yellow", 450, "2026-05-08T15:12:00Z"),
    ("Mechanical keyboard", 11_900, "2026-06-01T20:03:00Z"),
    ("Noise-cancelling headphones", 27_900, "2026-07-20T10:26:00Z"),
    ("Printer paper, 500 sheets", 690, "2026-08-11T12:00:00Z"),
    ("Webcam, 1080p", 6_900, "2026-09-29T17:55:00Z"),
];

/// One order.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Order {
    id: String,
    item: String,
    quantity: u32,
    total_cents: u32,
    placed_at: String,
}

/// The invoice of an order.
#[derive(Debug, Serialize)]
pub(crate) struct Invoice {
    id: String,
    order_id: String,
    total_cents: u32,
    issued_at: String,
}

/// A new order of a user.
#[derive(Debug, Deserialize)]
pub(crate) struct Wish {
    item: String,
    quantity: u32,
}

/// The orders that users placed since the start, by user.
#[derive(Debug, Default)]
pub(crate) struct Orders {
    added: Mutex<HashMap<String, Vec<Order>>>,
}

impl Orders {
    /// The user's orders: a fixed dozen, and the added ones.
    pub(crate) fn of(&self, user_id: &str) -> Vec<Order> {
        let mut orders = history(user_id);
        orders.extend(lock(&self.added).get(user_id).into_iter().flatten().cloned());
        orders
    }

    /// An invoice for each order of the user.
    pub(crate) fn invoices(&self, user_id: &str) -> Vec<Invoice> {
        let invoice = |order: Order| Invoice {
            id: order.id.replacen('A', "R", 1),
            order_id: order.id,
            total_cents: order.total_cents,
            issued_at: order.placed_at,
        };
        self.of(user_id).into_iter().map(invoice).collect()
    }

    /// Places an order.
    pub(crate) fn place(&self, user_id: &str, wish: Wish) -> Result<Order, ApiError> {
        let item = wish.item.trim();
        if item.is_empty() || item.chars().count() > LONGEST_ITEM {
            return Err(ApiError::bad_request(format!("item must have 1 to {LONGEST_ITEM} characters")));
        }
        if !(1..=99).contains(&wish.quantity) {
            return Err(ApiError::bad_request("quantity must be 1 to 99"));
        }
        let mut added = lock(&self.added);
        let mine = added.entry(user_id.to_owned()).or_default();
        if mine.len() >= ADDED_LIMIT {
            return Err(ApiError::Full(ADDED_LIMIT, "new orders of a user"));
        }
        let price = CATALOG
            .iter()
            .find(|(name, ..)| name.eq_ignore_ascii_case(item))
            .map_or(PRICE_OF_OTHER_ITEMS, |(_, price, _)| *price);
        let order = Order {
            id: order_id(user_id, CATALOG.len() + mine.len()),
            item: item.to_owned(),
            quantity: wish.quantity,
            total_cents: price * wish.quantity,
            placed_at: iso_date(now_ms()),
        };
        mine.push(order.clone());
        Ok(order)
    }
}

fn history(user_id: &str) -> Vec<Order> {
    let start = seed(user_id);
    CATALOG
        .iter()
        .enumerate()
        .map(|(index, (item, price, placed_at))| {
            let quantity = [1, 2, 1, 3, 1][(start + index) % 5];
            Order {
                id: order_id(user_id, index),
                item: (*item).to_owned(),
                quantity,
                total_cents: price * quantity,
                placed_at: (*placed_at).to_owned(),
            }
        })
        .collect()
}

fn order_id(user_id: &str, index: usize) -> String {
    format!("A-{}", 10_000 + seed(user_id) % 500 * 100 + index)
}

/// A number that is stable for each user and differs between most users.
fn seed(user_id: &str) -> usize {
    user_id.bytes().fold(7, |seed, byte| (seed * 31 + usize::from(byte)) % 9_973)
}

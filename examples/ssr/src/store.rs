//! The orders, in the memory of the page's server. A real app has a database.

use std::collections::BTreeMap;
use std::sync::{LazyLock, Mutex, MutexGuard, PoisonError};

use crate::functions::{Customer, Order};

/// What each user has until the first order.
const FIRST_ORDERS: [&str; 3] = ["Desk lamp, brass", "Notebook A5, dotted", "Coffee beans, 1 kg"];
const MAX_ORDERS: usize = 20;
const MAX_ITEM_LENGTH: usize = 60;

#[derive(Default)]
struct Placed {
    email: String,
    items: Vec<String>,
}

/// What each user has ordered since the server's start.
static PLACED: LazyLock<Mutex<BTreeMap<String, Placed>>> = LazyLock::new(Mutex::default);

fn placed() -> MutexGuard<'static, BTreeMap<String, Placed>> {
    PLACED.lock().unwrap_or_else(PoisonError::into_inner)
}

pub(crate) fn orders_of(user_id: &str) -> Vec<Order> {
    let placed = placed();
    let new = placed.get(user_id).into_iter().flat_map(|user| user.items.iter().map(String::as_str));
    let items = FIRST_ORDERS.into_iter().chain(new);
    (1..).zip(items).map(|(number, item)| Order { number, item: item.to_owned() }).collect()
}

pub(crate) fn place(user_id: &str, email: &str, item: &str) -> Result<Vec<Order>, String> {
    let item = item.trim();
    if item.is_empty() || item.chars().count() > MAX_ITEM_LENGTH {
        return Err(format!("An item has 1 to {MAX_ITEM_LENGTH} characters."));
    }
    {
        let mut placed = placed();
        let user = placed.entry(user_id.to_owned()).or_default();
        if user.items.len() >= MAX_ORDERS {
            return Err(format!("This example stores {MAX_ORDERS} orders for each user."));
        }
        email.clone_into(&mut user.email);
        user.items.push(item.to_owned());
    }
    Ok(orders_of(user_id))
}

pub(crate) fn customers() -> Vec<Customer> {
    let customer = |user: &Placed| Customer { email: user.email.clone(), orders: user.items.len() };
    placed().values().map(customer).collect()
}

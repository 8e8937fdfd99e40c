//! Values in the memory of the page's thread.

use std::{cell::RefCell, collections::HashMap};

use super::Area;

thread_local! {
    static VALUES: RefCell<HashMap<(Area, String), String>> = RefCell::default();
}

pub(super) fn load(area: Area, name: &str) -> Option<String> {
    VALUES.with_borrow(|values| values.get(&(area, name.to_owned())).cloned())
}

pub(super) fn store(area: Area, name: &str, value: Option<&str>) {
    VALUES.with_borrow_mut(|values| match value {
        Some(value) => values.insert((area, name.to_owned()), value.to_owned()),
        None => values.remove(&(area, name.to_owned())),
    });
}

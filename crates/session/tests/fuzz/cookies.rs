//! The text of all cookies: other scripts of the site, and parent domains, write there too.

use proptest::{collection::vec, prelude::*, sample::select};
use supertokens_session::internal::{
    api_scope::Domain,
    cookie::{self, CookieAttributes},
    names::{FRONT_TOKEN_KEY, MARKER_KEY, REFRESH_TOKEN_KEY},
};

use crate::text::{fits_a_cookie, hostile};

const NAMES: [&str; 3] = [FRONT_TOKEN_KEY, MARKER_KEY, REFRESH_TOKEN_KEY];

fn cookies() -> impl Strategy<Value = String> {
    let name = prop_oneof![
        3 => select(&NAMES[..]).prop_map(str::to_owned),
        1 => select(&NAMES[..]).prop_map(|name| format!(" {name}\t")),
        1 => select(&NAMES[..]).prop_map(|name| format!("x{name}")),
        1 => hostile(),
    ];
    let cookie =
        (name, select(&["=", "", " = ", "=="][..]), hostile()).prop_map(|(n, is, v)| format!("{n}{is}{v}"));
    prop_oneof![1 => hostile(), 4 => vec(cookie, 0..8).prop_map(|all| all.join("; "))]
}

proptest! {
    #[test]
    fn each_cookie_is_found_among_others(text in cookies(), other in hostile()) {
        for names in [[NAMES[0], NAMES[1], NAMES[2]], ["", &other, NAMES[0]]] {
            let found = cookie::find_all(&text, &names);
            for (at, name) in names.iter().enumerate() {
                // A name that is requested twice is filled only once.
                let is_first = names[..at].iter().all(|before| before != name);
                prop_assert_eq!(found[at], cookie::find(&text, name).filter(|_| is_first));
            }
        }
    }

    #[test]
    fn a_value_belongs_to_one_cookie(text in cookies()) {
        for (name, value) in NAMES.iter().zip(cookie::find_all(&text, &NAMES)) {
            let Some(value) = value else { continue };
            prop_assert!(!value.contains(';') && value.trim() == value);
            let is_it = |pair: &str| pair.split_once('=').map(|(n, v)| (n.trim(), v.trim())) == Some((*name, value));
            prop_assert!(text.split(';').any(is_it), "{}: {}", name, value);
        }
    }

    #[test]
    fn a_written_cookie_is_read_beside_any_others(
        value in "[!#-+\\--:<-\\[\\]-~]{1,80}", before in vec("[a-z]{1,4}(=[!#-+\\--:<-\\[\\]-~]{0,9})?", 0..5), cross_site: bool,
        domain in "[a-z]{1,5}\\.[a-z]{2,5}", seconds: i64,
    ) {
        prop_assert!(fits_a_cookie(&value));
        let attributes = CookieAttributes { domain: Domain::parse(&domain).ok(), cross_site };
        for text in [
            cookie::set(FRONT_TOKEN_KEY, &value, &attributes),
            cookie::set_for(FRONT_TOKEN_KEY, &value, seconds, &attributes),
        ] {
            let pair = text.split(';').next().unwrap();
            let all = before.iter().map(String::as_str).chain([pair, "z=1"]).collect::<Vec<_>>().join("; ");
            prop_assert_eq!(cookie::find_all(&all, &NAMES), [Some(value.as_str()), None, None]);
        }
    }

    #[test]
    fn a_domain_is_written_as_one_attribute(text in hostile()) {
        if let Ok(domain) = Domain::parse(&text) {
            let attributes = CookieAttributes { domain: Some(domain), cross_site: true };
            for written in [cookie::set("n", "v", &attributes), cookie::remove("n", &attributes)] {
                prop_assert_eq!(written.split(';').count(), 6, "{}", written);
                prop_assert!(written.is_ascii() && !written.contains(char::is_control));
            }
        }
    }
}

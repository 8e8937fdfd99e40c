//! Parses IP addresses in a URL's host. std's parser is as strict, but ten times as large.

/// The four numbers of an address such as `127.0.0.1`: decimal, without leading zeros.
pub(crate) fn v4(text: &str) -> Option<[u8; 4]> {
    let mut numbers = [0; 4];
    let mut words = text.split('.');
    for number in &mut numbers {
        *number = decimal(words.next()?)?;
    }
    words.next().is_none().then_some(numbers)
}

/// The eight groups of an address such as `::1`, without its brackets.
pub(crate) fn v6(text: &str) -> Option<[u16; 8]> {
    let (mut all, mut tail) = ([0; 8], [0; 8]);
    let Some((before, after)) = text.split_once("::") else {
        return (groups(text, true, &mut all)? == 8).then_some(all);
    };
    let (head, count) = (groups(before, false, &mut all)?, groups(after, true, &mut tail)?);
    // The double colon replaces at least one group.
    if head + count > 7 {
        return None;
    }
    all.iter_mut().rev().zip(tail.iter().take(count).rev()).for_each(|(to, from)| *to = *from);
    Some(all)
}

/// Parses groups and returns their number. At the end, an IPv4 address counts as two groups.
fn groups(text: &str, is_end: bool, into: &mut [u16; 8]) -> Option<usize> {
    let mut count = 0;
    let mut words = text.split(':');
    let mut next = words.next().filter(|_| !text.is_empty());
    while let Some(word) = next {
        next = words.next();
        match v4(word).filter(|_| is_end && next.is_none()) {
            Some([a, b, c, d]) => {
                *into.get_mut(count)? = u16::from_be_bytes([a, b]);
                *into.get_mut(count + 1)? = u16::from_be_bytes([c, d]);
                count += 2;
            }
            None => {
                *into.get_mut(count)? = hexadecimal(word)?;
                count += 1;
            }
        }
    }
    Some(count)
}

fn decimal(word: &str) -> Option<u8> {
    if word.len() > 3 || word.is_empty() || (word.len() > 1 && word.starts_with('0')) {
        return None;
    }
    let mut number = 0;
    for digit in word.chars() {
        number = number * 10 + digit.to_digit(10)?;
    }
    u8::try_from(number).ok()
}

fn hexadecimal(word: &str) -> Option<u16> {
    if word.len() > 4 || word.is_empty() {
        return None;
    }
    let mut number = 0;
    for digit in word.chars() {
        number = number * 16 + digit.to_digit(16)?;
    }
    u16::try_from(number).ok()
}

#[cfg(test)]
#[cfg(not(target_arch = "wasm32"))]
mod tests {
    use std::net::{Ipv4Addr, Ipv6Addr};

    use proptest::prelude::*;

    use super::*;

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(4096))]

        #[test]
        fn ipv4_addresses_are_parsed_like_std(text in "[0-9]{0,4}([.][0-9]{0,3}){2,4}|[0-9.x+ ]{0,16}") {
            prop_assert_eq!(v4(&text), text.parse().ok().map(|ip: Ipv4Addr| ip.octets()), "{}", text);
        }

        #[test]
        fn ipv6_addresses_are_parsed_like_std(
            text in "([0-9a-fA-F]{0,5}:{1,2}){0,8}([0-9a-f]{0,4}|[0-9]{1,3}([.][0-9]{1,3}){3})(::)?([0-9]{1,2})?|[0-9a-g:.%+]{0,20}"
        ) {
            prop_assert_eq!(v6(&text), text.parse().ok().map(|ip: Ipv6Addr| ip.segments()), "{}", text);
        }

        #[test]
        fn every_address_is_parsed(four: u32, six: u128) {
            let (four, six) = (Ipv4Addr::from_bits(four), Ipv6Addr::from_bits(six));
            prop_assert_eq!(v4(&four.to_string()), Some(four.octets()));
            prop_assert_eq!(v6(&six.to_string()), Some(six.segments()));
            let mapped = four.to_ipv6_mapped();
            prop_assert_eq!(v6(&mapped.to_string()), Some(mapped.segments()));
        }
    }

    #[test]
    fn unusual_addresses_are_parsed_like_std() {
        for text in
            ["::", "::1", "1::", "1:2:3:4:5:6:7:8", "1:2:3:4:5:6:1.2.3.4", "::1.2.3.4", "1:2:3:4:5:6:7::"]
        {
            assert_eq!(v6(text), text.parse().ok().map(|ip: Ipv6Addr| ip.segments()), "{text}");
            assert!(v6(text).is_some(), "{text}");
        }
        let bad = [
            "",
            ":",
            ":::",
            "1",
            "1.2.3.4",
            "1.2.3.4::",
            "::1::",
            "1:2:3:4:5:6:7:8::",
            "::1:2:3:4:5:6:7:8",
            "1:2:3:4:5:6:7:1.2.3.4",
        ];
        for text in bad {
            assert!(v6(text).is_none() && text.parse::<Ipv6Addr>().is_err(), "{text}");
        }
        for text in ["", "1.2.3", "1.2.3.4.5", "01.2.3.4", "256.1.1.1", "1.2.3.+4", "1.2.3.", "0x1.2.3.4"] {
            assert!(v4(text).is_none() && text.parse::<Ipv4Addr>().is_err(), "{text}");
        }
    }
}

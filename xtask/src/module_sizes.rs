//! Which crates, modules and functions the bytes of a wasm module belong to, by the names of its functions.

use std::collections::{BTreeMap, HashMap};

use anyhow::Result;
use wasmparser::{KnownCustom, Name, Parser, Payload, TypeRef};

/// Bytes of code, and the number of functions they are in; signed, for differences.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Size {
    pub(crate) bytes: i64,
    pub(crate) functions: i64,
}

pub(crate) struct Module {
    /// Names and bytes; a function without a name has an empty one.
    functions: Vec<(String, i64)>,
    /// Bytes of the data section.
    pub(crate) data: i64,
}

impl Module {
    pub(crate) fn parse(wasm: &[u8]) -> Result<Self> {
        let (mut next, mut data, mut bodies, mut names) = (0, 0, Vec::new(), HashMap::new());
        for payload in Parser::new(0).parse_all(wasm) {
            match payload? {
                // The numbers of the module's own functions follow those of the imported ones.
                Payload::ImportSection(imports) => {
                    for import in imports.into_imports() {
                        next += u32::from(matches!(import?.ty, TypeRef::Func(_)));
                    }
                }
                Payload::CodeSectionEntry(body) => {
                    bodies.push((next, i64::try_from(body.range().len())?));
                    next += 1;
                }
                Payload::DataSection(section) => data = i64::try_from(section.range().len())?,
                Payload::CustomSection(section) => {
                    let KnownCustom::Name(subsections) = section.as_known() else { continue };
                    for subsection in subsections {
                        let Name::Function(map) = subsection? else { continue };
                        for naming in map {
                            let naming = naming?;
                            names.insert(naming.index, naming.name.to_owned());
                        }
                    }
                }
                _ => {}
            }
        }
        let named = |(index, bytes)| (names.remove(&index).unwrap_or_default(), bytes);
        Ok(Self { functions: bodies.into_iter().map(named).collect(), data })
    }

    /// What this module has more than another one, by the groups that names of functions fall into; the largest first.
    pub(crate) fn difference(
        &self,
        other: &Self,
        group: impl Fn(&str) -> Option<String>,
    ) -> Vec<(String, Size)> {
        let mut sizes = BTreeMap::<_, Size>::new();
        for (sign, module) in [(1, self), (-1, other)] {
            for (name, bytes) in &module.functions {
                if let Some(group) = group(name) {
                    let size = sizes.entry(group).or_default();
                    size.bytes += sign * bytes;
                    size.functions += sign;
                }
            }
        }
        let mut sizes: Vec<_> = sizes.into_iter().collect();
        sizes.sort_by_key(|(_, size)| -size.bytes);
        sizes
    }
}

/// `a` in `a::b::c`, `<&mut a::B as d::E>::f` and `a[1f]::b`, as wasm-bindgen writes names; else `other`.
pub(crate) fn crate_of(name: &str) -> String {
    let prefixes = ["<", "&", "*", "(", "[", "mut ", "const ", "dyn ", "impl "];
    let mut rest = name;
    while let Some(inner) = prefixes.iter().find_map(|prefix| rest.strip_prefix(*prefix)) {
        rest = inner;
    }
    let end = rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(rest.len());
    let is_path = end > 0 && (rest[end..].starts_with("::") || rest[end..].starts_with('['));
    if is_path { rest[..end].to_owned() } else { "other".to_owned() }
}

/// The first module of this project's crates in a name: `session::client::refresh` in
/// `drop_in_place<supertokens_session::client::refresh::State>`.
pub(crate) fn module_of(name: &str) -> Option<String> {
    let name = without_hashes(name);
    let (_, path) = name.split_once("supertokens_")?;
    let is_module = |word: &&str| word.bytes().all(|b| matches!(b, b'a'..=b'z' | b'0'..=b'9' | b'_'));
    Some(path.split("::").take(3).take_while(is_module).collect::<Vec<_>>().join("::"))
}

/// The name that all copies of a generic function share: `a::b` of `a[0123456789abcdef]::b`,
/// `a::b::h0123456789abcdef` and `a::b.17`.
pub(crate) fn without_hashes(name: &str) -> String {
    let is_number = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    let is_hash = |text: &str| text.len() == 16 && text.bytes().all(|b| b.is_ascii_hexdigit());
    let name = name.rsplit_once('.').filter(|(_, end)| is_number(end)).map_or(name, |(name, _)| name);
    let name = name.rsplit_once("::h").filter(|(_, end)| is_hash(end)).map_or(name, |(name, _)| name);
    let mut parts = name.split('[');
    let mut plain = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        match part.split_once(']').filter(|(inside, _)| is_hash(inside)) {
            Some((_, after)) => plain.push_str(after),
            None => plain.extend(["[", part]),
        }
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_belong_to_the_names_of_functions() -> Result<()> {
        let module = [
            b"\0asm\x01\0\0\0".as_slice(),
            // One imported function, so the module's own functions begin at 1.
            &[2, 7, 1, 1, b'm', 1, b'f', 0, 0],
            // Two functions of one type, with bodies of 2 and 4 bytes.
            &[3, 3, 2, 0, 0],
            &[10, 9, 2, 2, 0, 0x0b, 4, 0, 1, 1, 0x0b],
            &[11, 3, 0, 0, 0],
            &[0, 17, 4, b'n', b'a', b'm', b'e', 1, 10, 2, 1, 4, b'a', b':', b':', b'b', 2, 1, b'x'],
        ]
        .concat();
        let module = Module::parse(&module)?;
        assert_eq!(module.data, 3);
        let other = Module { functions: vec![("c::d".to_owned(), 9), ("c::e".to_owned(), 1)], data: 0 };
        let size = |bytes, functions| Size { bytes, functions };
        let expected = [("other", size(4, 1)), ("a", size(2, 1)), ("c", size(-10, -2))];
        let crates = module.difference(&other, |name| Some(crate_of(name)));
        assert_eq!(crates, expected.map(|(name, size)| (name.to_owned(), size)));
        assert!(Module::parse(b"PK").is_err());
        Ok(())
    }

    #[test]
    fn crates_and_modules_are_found_inside_names() {
        for (name, krate, module) in [
            ("alloc::raw_vec::grow::h0123", "alloc", None),
            ("<&mut serde_json::Deserializer<R> as serde_core::Deserializer>::any::h1", "serde_json", None),
            ("core[c5930c85a12de822]::fmt::write", "core", None),
            ("<(dyn core[c5]::any::Any)>::type_id", "core", None),
            ("__wbindgen_malloc", "other", None),
            (
                "supertokens_web::lock::web_locks::Wait<W>::poll",
                "supertokens_web",
                Some("web::lock::web_locks"),
            ),
            ("core::ptr::drop_in_place<supertokens_session::error::Error>", "core", Some("session::error")),
        ] {
            assert_eq!((crate_of(name).as_str(), module_of(name).as_deref()), (krate, module), "{name}");
        }
    }

    #[test]
    fn copies_of_a_function_have_one_name() {
        for name in ["<[T] as a.b::B>::c", "<[T] as a.b[c5930c85a12de822]::B>::c::hdb9f95b0fbd4e6aa.2311"] {
            assert_eq!(without_hashes(name), "<[T] as a.b::B>::c");
        }
    }
}

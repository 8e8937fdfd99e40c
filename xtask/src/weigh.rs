//! Where the bytes of a wasm module go, by crate and by function, by the names that rustc gives its functions.

use std::collections::BTreeMap;

use anyhow::{Context, Result, bail};

/// Bytes of code by crate, and of data. What no crate can be named for counts as `other`.
pub(crate) fn by_crate(wasm: &[u8]) -> Result<BTreeMap<String, i64>> {
    let Module { functions, data } = Module::read(wasm)?;
    let mut crates = BTreeMap::from([("(data)".to_owned(), data)]);
    for (name, bytes) in functions {
        *crates.entry(crate_of(name).to_owned()).or_default() += bytes;
    }
    Ok(crates)
}

/// Bytes of code by function. The copies of a generic one have one name, as rustc writes it, and count together.
pub(crate) fn by_function(wasm: &[u8]) -> Result<BTreeMap<String, Weight>> {
    let mut groups = BTreeMap::<_, Weight>::new();
    for (name, bytes) in Module::read(wasm)?.functions {
        let group = groups.entry(without_hashes(name)).or_default();
        group.bytes += bytes;
        group.copies += 1;
    }
    Ok(groups)
}

/// Bytes of code by module of this project's crates, wherever a function's name first names one: what is dropped or
/// polled for a module counts as its own.
pub(crate) fn by_module(wasm: &[u8]) -> Result<BTreeMap<String, i64>> {
    let mut modules = BTreeMap::new();
    for (name, bytes) in Module::read(wasm)?.functions {
        if let Some(module) = module_of(&without_hashes(name)) {
            *modules.entry(module).or_default() += bytes;
        }
    }
    Ok(modules)
}

/// `session::client::refresh` in `drop_in_place<supertokens_session::client::refresh::Landing>`.
fn module_of(name: &str) -> Option<String> {
    let (_, path) = name.split_once("supertokens_")?;
    let is_module = |word: &&str| word.bytes().all(|b| b.is_ascii_lowercase() || b"_0123456789".contains(&b));
    Some(path.split("::").take(3).take_while(is_module).collect::<Vec<_>>().join("::"))
}

/// What functions of one name weigh together.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Weight {
    pub(crate) bytes: i64,
    pub(crate) copies: i64,
}

struct Module<'a> {
    /// By name and size; those without a name have an empty one.
    functions: Vec<(&'a str, i64)>,
    data: i64,
}

impl<'a> Module<'a> {
    fn read(wasm: &'a [u8]) -> Result<Self> {
        let mut module = Reader(wasm.strip_prefix(b"\0asm\x01\0\0\0").context("this is no wasm module")?);
        let (mut imported, mut data, mut sizes, mut names) = (0, 0, Vec::new(), BTreeMap::new());
        while !module.0.is_empty() {
            let kind = module.byte()?;
            let mut section = module.block()?;
            match kind {
                IMPORTS => imported = section.imported_functions()?,
                CODE => {
                    for _ in 0..section.number()? {
                        sizes.push(i64::try_from(section.block()?.0.len())?);
                    }
                }
                DATA => data = i64::try_from(section.0.len())?,
                CUSTOM if section.block()?.0 == b"name" => names = section.function_names()?,
                _ => {}
            }
        }
        let name = |at| names.get(&(imported + at)).copied().unwrap_or_default();
        let functions = sizes.into_iter().enumerate().map(|(at, size)| (name(at), size)).collect();
        Ok(Self { functions, data })
    }
}

const CUSTOM: u8 = 0;
const IMPORTS: u8 = 2;
const CODE: u8 = 10;
const DATA: u8 = 11;

/// `a` in `a::b::c`, `<&mut a::B as d::E>::f` and `a[1f]::b`, as wasm-bindgen writes names.
fn crate_of(name: &str) -> &str {
    let mut rest = name;
    loop {
        let start = rest;
        for before in ["<", "&", "*", "(", "[", "mut ", "const ", "dyn ", "impl "] {
            rest = rest.strip_prefix(before).unwrap_or(rest);
        }
        if rest == start {
            break;
        }
    }
    let end = rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(rest.len());
    let (name, after) = rest.split_at(end);
    if !name.is_empty() && (after.starts_with("::") || after.starts_with('[')) { name } else { "other" }
}

/// `a::b` of `a[1f]::b`, `a::b::h0123456789abcdef` and `a::b.17`.
fn without_hashes(name: &str) -> String {
    let is_number = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    let is_hash = |text: &str| text.len() == 16 && text.bytes().all(|b| b.is_ascii_hexdigit());
    let name = name.rsplit_once('.').filter(|(_, end)| is_number(end)).map_or(name, |(name, _)| name);
    let name = name.rsplit_once("::h").filter(|(_, end)| is_hash(end)).map_or(name, |(name, _)| name);
    let mut rest = name.split('[');
    let mut plain = rest.next().unwrap_or_default().to_owned();
    for part in rest {
        match part.split_once(']').filter(|(inside, _)| is_hash(inside)) {
            Some((_, after)) => plain.push_str(after),
            None => plain.extend(["[", part]),
        }
    }
    plain
}

/// Reads wasm's binary format.
struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    fn byte(&mut self) -> Result<u8> {
        let (first, rest) = self.0.split_first().context("the module ends too early")?;
        self.0 = rest;
        Ok(*first)
    }

    fn number(&mut self) -> Result<usize> {
        let mut number = 0;
        for shift in (0..35).step_by(7) {
            let byte = self.byte()?;
            number |= usize::from(byte & 0x7f) << shift;
            if byte & 0x80 == 0 {
                return Ok(number);
            }
        }
        bail!("a number in the module is too long")
    }

    /// What has its length in front.
    fn block(&mut self) -> Result<Self> {
        let length = self.number()?;
        let (block, rest) = self.0.split_at_checked(length).context("the module ends too early")?;
        self.0 = rest;
        Ok(Self(block))
    }

    fn imported_functions(&mut self) -> Result<usize> {
        let mut functions = 0;
        for _ in 0..self.number()? {
            self.block()?;
            self.block()?;
            match self.byte()? {
                0 => {
                    functions += 1;
                    self.number()?;
                }
                1 => {
                    self.byte()?;
                    self.limits()?;
                }
                2 => self.limits()?,
                3 => {
                    self.byte()?;
                    self.byte()?;
                }
                other => bail!("an import of the unknown kind {other}"),
            }
        }
        Ok(functions)
    }

    fn limits(&mut self) -> Result<()> {
        let has_maximum = self.byte()? & 1 == 1;
        self.number()?;
        if has_maximum {
            self.number()?;
        }
        Ok(())
    }

    fn function_names(&mut self) -> Result<BTreeMap<usize, &'a str>> {
        const FUNCTIONS: u8 = 1;
        let mut names = BTreeMap::new();
        while !self.0.is_empty() {
            let kind = self.byte()?;
            let mut part = self.block()?;
            if kind == FUNCTIONS {
                for _ in 0..part.number()? {
                    let at = part.number()?;
                    names.insert(at, std::str::from_utf8(part.block()?.0)?);
                }
            }
        }
        Ok(names)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_crate_is_the_first_word_of_a_path() {
        for (name, krate) in [
            ("alloc::raw_vec::grow::h0123", "alloc"),
            ("<&mut serde_json::de::Deserializer<R> as serde_core::de::Deserializer>::any::h1", "serde_json"),
            ("<supertokens_web::store::BrowserStore as a::Store>::read", "supertokens_web"),
            ("core[c5930c85a12de822]::fmt::write", "core"),
            ("<(dyn core[c5]::any::Any)>::type_id", "core"),
            ("__wbindgen_malloc", "other"),
            ("", "other"),
        ] {
            assert_eq!(crate_of(name), krate, "{name}");
        }
    }

    #[test]
    fn functions_are_weighed_by_their_names() -> Result<()> {
        let module = [
            b"\0asm\x01\0\0\0".as_slice(),
            // One import of a function, so that the module's own begin at 1.
            &[2, 7, 1, 1, b'm', 1, b'f', 0, 0],
            // Two functions of 2 and 4 bytes.
            &[10, 9, 2, 2, 0, 0x0b, 4, 0, 1, 1, 0x0b],
            &[11, 3, 0, 0, 0],
            &[0, 17, 4, b'n', b'a', b'm', b'e', 1, 10, 2, 1, 4, b'a', b':', b':', b'b', 2, 1, b'x'],
        ]
        .concat();
        let crates = by_crate(&module)?;
        assert_eq!(crates.get("a"), Some(&2));
        assert_eq!(crates.get("other"), Some(&4));
        assert_eq!(crates.get("(data)"), Some(&3));
        let functions = by_function(&module)?;
        assert_eq!(functions.get("a::b"), Some(&Weight { bytes: 2, copies: 1 }));
        Ok(())
    }

    #[test]
    fn a_module_is_named_wherever_it_stands() {
        for (name, module) in [
            (
                "supertokens_web::lock::javascript_sdk::Entry<W>::write::{{closure}}",
                Some("web::lock::javascript_sdk"),
            ),
            ("core::ptr::drop_in_place<supertokens_session::error::SessionError>", Some("session::error")),
            ("<T as core::any::Any>::type_id", None),
        ] {
            assert_eq!(module_of(name).as_deref(), module, "{name}");
        }
    }

    #[test]
    fn copies_of_a_function_have_one_name() {
        for name in [
            "<[T] as a::B>::c::{{closure}}",
            "<[T] as a[c5930c85a12de822]::B>::c::{{closure}}",
            "<[T] as a::B>::c::{{closure}}::hdb9f95b0fbd4e6aa.2311",
        ] {
            assert_eq!(without_hashes(name), "<[T] as a::B>::c::{{closure}}");
        }
        assert_eq!(without_hashes("a.b::hello"), "a.b::hello");
    }

    #[test]
    fn what_is_cut_off_is_an_error() {
        assert!(by_crate(b"PK").is_err());
        assert!(by_crate(b"\0asm\x01\0\0\0\x0a\x7f\x01").is_err());
    }
}

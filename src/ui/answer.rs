//! Reads answers of the server, which are JSON, into the types they stand for. The text is read once into a tree,
//! the types are read from that, and nothing says what exactly is wrong with it: what `serde_json`'s reader of text
//! is for two hundred types, each with words for its errors, was a fifth of the WASM. In return it takes no more
//! than our own types need: fields by their names and variants by theirs, nothing by position.

use crate::error::AppError;
use codee::{Decoder, Encoder};
use serde::de::{
    self, DeserializeOwned, DeserializeSeed, Deserializer, EnumAccess, Expected, MapAccess, SeqAccess,
    Unexpected, VariantAccess, Visitor,
};
use serde::{Serialize, forward_to_deserialize_any};
use serde_json::{Map, Number, Value};
use std::fmt;
use std::vec;

/// The text was not what was expected of it. It does not say how: words for every field would be as much code as
/// reading them.
#[derive(Debug)]
pub struct Unreadable;

impl fmt::Display for Unreadable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("unreadable answer")
    }
}

impl std::error::Error for Unreadable {}

impl From<Unreadable> for AppError {
    fn from(_: Unreadable) -> Self {
        Self::Internal { reference: "answer".into() }
    }
}

impl de::Error for Unreadable {
    fn custom<T: fmt::Display>(_: T) -> Self {
        Self
    }

    fn invalid_type(_: Unexpected<'_>, _: &dyn Expected) -> Self {
        Self
    }

    fn invalid_value(_: Unexpected<'_>, _: &dyn Expected) -> Self {
        Self
    }

    fn invalid_length(_: usize, _: &dyn Expected) -> Self {
        Self
    }

    fn unknown_variant(_: &str, _: &'static [&'static str]) -> Self {
        Self
    }

    fn unknown_field(_: &str, _: &'static [&'static str]) -> Self {
        Self
    }

    fn missing_field(_: &'static str) -> Self {
        Self
    }

    fn duplicate_field(_: &'static str) -> Self {
        Self
    }
}

type Result<T> = std::result::Result<T, Unreadable>;

/// Reads a text.
pub fn read<T: DeserializeOwned>(text: &str) -> Result<T> {
    tree(text).and_then(from)
}

/// A text as a tree.
pub fn tree(text: &str) -> Result<Value> {
    serde_json::from_str(text).map_err(|_| Unreadable)
}

/// Reads a part of a tree.
pub fn from<T: DeserializeOwned>(value: Value) -> Result<T> {
    T::deserialize(Node(value))
}

/// How values travel with the page: written as JSON on the server, read here in the browser.
pub struct AnswerCodec;

impl<T: Serialize> Encoder<T> for AnswerCodec {
    type Error = serde_json::Error;
    type Encoded = String;

    fn encode(value: &T) -> std::result::Result<String, serde_json::Error> {
        serde_json::to_string(value)
    }
}

impl<T: DeserializeOwned> Decoder<T> for AnswerCodec {
    type Error = Unreadable;
    type Encoded = str;

    fn decode(text: &str) -> Result<T> {
        read(text)
    }
}

struct Node(Value);

fn number<'de, V: Visitor<'de>>(number: &Number, visitor: V) -> Result<V::Value> {
    if let Some(whole) = number.as_u64() {
        visitor.visit_u64(whole)
    } else if let Some(whole) = number.as_i64() {
        visitor.visit_i64(whole)
    } else {
        visitor.visit_f64(number.as_f64().unwrap_or_default())
    }
}

macro_rules! numbers {
    ($($name:ident)+) => {
        $(fn $name<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
            match &self.0 {
                Value::Number(value) => number(value, visitor),
                _ => Err(Unreadable),
            }
        })+
    };
}

impl<'de> Deserializer<'de> for Node {
    type Error = Unreadable;

    /// For whatever asks for nothing in particular: the fields around flattened ones.
    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        match self.0 {
            Value::Null => visitor.visit_unit(),
            Value::Bool(yes) => visitor.visit_bool(yes),
            Value::Number(value) => number(&value, visitor),
            Value::String(text) => visitor.visit_string(text),
            Value::Array(_) => self.deserialize_seq(visitor),
            Value::Object(_) => self.deserialize_map(visitor),
        }
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        if self.0.is_null() { visitor.visit_none() } else { visitor.visit_some(self) }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(self, _: &'static str, visitor: V) -> Result<V::Value> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value> {
        self.deserialize_map(visitor)
    }

    fn deserialize_map<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        match self.0 {
            Value::Object(map) => visitor.visit_map(ObjectFields(map.into_iter(), None)),
            _ => Err(Unreadable),
        }
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        match self.0 {
            Value::Array(items) => visitor.visit_seq(Items(items.into_iter())),
            _ => Err(Unreadable),
        }
    }

    fn deserialize_tuple<V: Visitor<'de>>(self, _: usize, visitor: V) -> Result<V::Value> {
        self.deserialize_seq(visitor)
    }

    fn deserialize_tuple_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: usize,
        visitor: V,
    ) -> Result<V::Value> {
        self.deserialize_seq(visitor)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value> {
        visitor.visit_enum(match self.0 {
            Value::String(name) => Variant(name, Value::Null),
            Value::Object(map) => {
                map.into_iter().next().map(|(name, value)| Variant(name, value)).ok_or(Unreadable)?
            }
            _ => return Err(Unreadable),
        })
    }

    fn deserialize_str<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        self.deserialize_string(visitor)
    }

    fn deserialize_string<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        match self.0 {
            Value::String(text) => visitor.visit_string(text),
            _ => Err(Unreadable),
        }
    }

    fn deserialize_identifier<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        self.deserialize_string(visitor)
    }

    fn deserialize_bool<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        match self.0 {
            Value::Bool(yes) => visitor.visit_bool(yes),
            _ => Err(Unreadable),
        }
    }

    fn deserialize_unit<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        visitor.visit_unit()
    }

    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        visitor.visit_unit()
    }

    fn deserialize_char<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        self.deserialize_string(visitor)
    }

    numbers! {
        deserialize_i8 deserialize_i16 deserialize_i32 deserialize_i64 deserialize_u8 deserialize_u16
        deserialize_u32 deserialize_u64 deserialize_f32 deserialize_f64
    }

    forward_to_deserialize_any! { i128 u128 bytes byte_buf unit_struct }
}

struct Items(vec::IntoIter<Value>);

impl<'de> SeqAccess<'de> for Items {
    type Error = Unreadable;

    fn next_element_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<Option<T::Value>> {
        self.0.next().map(|value| seed.deserialize(Node(value))).transpose()
    }

    fn size_hint(&self) -> Option<usize> {
        Some(self.0.len())
    }
}

struct ObjectFields(<Map<String, Value> as IntoIterator>::IntoIter, Option<Value>);

impl<'de> MapAccess<'de> for ObjectFields {
    type Error = Unreadable;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>> {
        let Some((name, value)) = self.0.next() else { return Ok(None) };
        self.1 = Some(value);
        seed.deserialize(Node(Value::String(name))).map(Some)
    }

    fn next_value_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<T::Value> {
        seed.deserialize(Node(self.1.take().unwrap_or_default()))
    }
}

struct Variant(String, Value);

impl<'de> EnumAccess<'de> for Variant {
    type Error = Unreadable;
    type Variant = Node;

    fn variant_seed<V: DeserializeSeed<'de>>(self, seed: V) -> Result<(V::Value, Node)> {
        Ok((seed.deserialize(Node(Value::String(self.0)))?, Node(self.1)))
    }
}

impl<'de> VariantAccess<'de> for Node {
    type Error = Unreadable;

    fn unit_variant(self) -> Result<()> {
        Ok(())
    }

    fn newtype_variant_seed<T: DeserializeSeed<'de>>(self, seed: T) -> Result<T::Value> {
        seed.deserialize(self)
    }

    fn tuple_variant<V: Visitor<'de>>(self, _: usize, visitor: V) -> Result<V::Value> {
        self.deserialize_seq(visitor)
    }

    fn struct_variant<V: Visitor<'de>>(self, _: &'static [&'static str], visitor: V) -> Result<V::Value> {
        self.deserialize_map(visitor)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde::{Deserialize, Serialize};
    use std::collections::BTreeMap;

    #[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
    enum Kind {
        Plain,
        One(i64),
        Two(String, Option<u8>),
        Named { what: Vec<bool>, more: Option<Box<Kind>> },
    }

    #[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
    struct Inner {
        ratio: f64,
        letter: char,
    }

    #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
    struct Wrapped(String);

    #[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
    struct All {
        id: Wrapped,
        sum: i64,
        size: u64,
        none: (),
        pair: (u32, String),
        kinds: Vec<Kind>,
        by_name: BTreeMap<Wrapped, Vec<i32>>,
        maybe: Option<Option<Inner>>,
        #[serde(flatten)]
        flat: Inner,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        left_out: Option<String>,
        answer: std::result::Result<u8, String>,
    }

    fn kind() -> impl Strategy<Value = Kind> {
        let leaf = prop_oneof![
            Just(Kind::Plain),
            any::<i64>().prop_map(Kind::One),
            (".*", any::<Option<u8>>()).prop_map(|(text, number)| Kind::Two(text, number)),
        ];
        leaf.prop_recursive(3, 8, 2, |inner| {
            (any::<Vec<bool>>(), proptest::option::of(inner.prop_map(Box::new)))
                .prop_map(|(what, more)| Kind::Named { what, more })
        })
    }

    fn all() -> impl Strategy<Value = All> {
        let inner = || {
            (any::<i32>(), any::<char>())
                .prop_map(|(eighths, letter)| Inner { ratio: f64::from(eighths) / 8.0, letter })
        };
        let first =
            (".*", any::<i64>(), any::<u64>(), (any::<u32>(), ".*"), prop::collection::vec(kind(), 0..4));
        let second = (
            prop::collection::btree_map(".*".prop_map(Wrapped), any::<Vec<i32>>(), 0..3),
            proptest::option::of(inner()),
            inner(),
            any::<Option<String>>(),
            any::<std::result::Result<u8, String>>(),
        );
        (first, second).prop_map(
            |((id, sum, size, pair, kinds), (by_name, maybe, flat, left_out, answer))| All {
                id: Wrapped(id),
                sum,
                size,
                none: (),
                pair,
                kinds,
                by_name,
                maybe: maybe.map(Some),
                flat,
                left_out,
                answer,
            },
        )
    }

    proptest! {
        #[test]
        fn whatever_was_written_is_read(all in all()) {
            prop_assert_eq!(read::<All>(&serde_json::to_string(&all).unwrap()).unwrap(), all);
        }

        #[test]
        fn whatever_is_read_is_what_a_reader_of_text_reads(text in "[\\[\\]{}\",:a-dnultrefs0-9.-]{0,40}") {
            if let Ok(read) = read::<Vec<Kind>>(&text) {
                prop_assert_eq!(read, serde_json::from_str::<Vec<Kind>>(&text).unwrap());
            }
        }
    }

    #[test]
    fn another_shape_is_an_error() {
        for text in [
            "",
            "{",
            "[]",
            "7",
            "\"x\"",
            "null",
            "{\"ratio\":\"1\",\"letter\":\"a\"}",
            "{\"ratio\":1}",
            "[1,\"a\"]",
        ] {
            assert!(read::<Inner>(text).is_err(), "{text}");
        }
        for text in
            ["{}", "null", "\"Unknown\"", "{\"One\":null}", "{\"Two\":[]}", "{\"Named\":7}", "\"One\""]
        {
            assert!(read::<Kind>(text).is_err(), "{text}");
        }
        // A newer server may say more than this page knows.
        assert_eq!(
            read::<Inner>("{\"ratio\":1,\"letter\":\"a\",\"more\":[{}]}").unwrap(),
            Inner { ratio: 1.0, letter: 'a' }
        );
    }
}

//! Which fields a form's server function knows: only those are kept or shown again, and of those no
//! [`crate::types::Secret`].
//!
//! A body is read as the function's own arguments, and those are written as fields again. So what the
//! function has no name for is gone, whatever was sent, and what is nobody's to see is told by its type.

use crate::types::SECRET;
use serde::de::DeserializeOwned;
use serde::ser::{self, Impossible, Serialize};
use std::fmt::{self, Display};

/// Names and values as a form sends them.
pub type Fields = Vec<(String, String)>;

/// The fields of a body that arguments of this type have; nothing for a body that is none of theirs.
pub fn known<F: DeserializeOwned + Serialize>(body: &[u8]) -> Fields {
    let mut fields = Fields::new();
    // As server functions read their arguments.
    if let Ok(arguments) = serde_qs::Config::new(5, false).deserialize_bytes::<F>(body) {
        let written = arguments.serialize(Field { name: String::new(), fields: &mut fields });
        if written.is_err() {
            fields.clear();
        }
    }
    fields
}

/// A form's body without our own fields.
pub fn ours_removed(body: &[u8]) -> axum::body::Bytes {
    let theirs = form_urlencoded::parse(body).filter(|(name, _)| !name.starts_with('_'));
    form_urlencoded::Serializer::new(String::new()).extend_pairs(theirs).finish().into()
}

/// Arguments that no form can have.
#[derive(Debug)]
struct NoField;

impl Display for NoField {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("no field of a form")
    }
}

impl std::error::Error for NoField {}

impl ser::Error for NoField {
    fn custom<T: Display>(_: T) -> Self {
        Self
    }
}

/// Where a value is written to. The arguments themselves have no name.
struct Field<'a> {
    name: String,
    fields: &'a mut Fields,
}

impl Field<'_> {
    fn put(self, value: impl Into<String>) -> Result<(), NoField> {
        self.fields.push((self.name, value.into()));
        Ok(())
    }

    fn inner(&mut self, key: &str) -> Field<'_> {
        let name = if self.name.is_empty() { key.to_owned() } else { format!("{}[{key}]", self.name) };
        Field { name, fields: self.fields }
    }
}

macro_rules! numbers {
    ($($function:ident $number:ty)*) => {$(
        fn $function(self, value: $number) -> Result<(), NoField> {
            self.put(value.to_string())
        }
    )*};
}

impl<'a> ser::Serializer for Field<'a> {
    type Ok = ();
    type Error = NoField;
    type SerializeSeq = Self;
    type SerializeTuple = Self;
    type SerializeTupleStruct = Impossible<(), NoField>;
    type SerializeTupleVariant = Impossible<(), NoField>;
    type SerializeMap = Entries<'a>;
    type SerializeStruct = Self;
    type SerializeStructVariant = Impossible<(), NoField>;

    numbers! { serialize_bool bool serialize_i8 i8 serialize_i16 i16 serialize_i32 i32 serialize_i64 i64 serialize_u8 u8 serialize_u16 u16
    serialize_u32 u32 serialize_u64 u64 serialize_f32 f32 serialize_f64 f64 serialize_char char }

    fn serialize_str(self, value: &str) -> Result<(), NoField> {
        self.put(value)
    }

    fn serialize_bytes(self, _: &[u8]) -> Result<(), NoField> {
        Err(NoField)
    }

    fn serialize_none(self) -> Result<(), NoField> {
        Ok(())
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<(), NoField> {
        value.serialize(self)
    }

    fn serialize_unit(self) -> Result<(), NoField> {
        Ok(())
    }

    fn serialize_unit_struct(self, _: &'static str) -> Result<(), NoField> {
        Ok(())
    }

    fn serialize_unit_variant(self, _: &'static str, _: u32, variant: &'static str) -> Result<(), NoField> {
        self.put(variant)
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(
        self,
        name: &'static str,
        value: &T,
    ) -> Result<(), NoField> {
        if name == SECRET { Ok(()) } else { value.serialize(self) }
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: &T,
    ) -> Result<(), NoField> {
        Err(NoField)
    }

    fn serialize_seq(self, _: Option<usize>) -> Result<Self, NoField> {
        Ok(Self { name: format!("{}[]", self.name), fields: self.fields })
    }

    fn serialize_tuple(self, len: usize) -> Result<Self, NoField> {
        self.serialize_seq(Some(len))
    }

    fn serialize_tuple_struct(
        self,
        _: &'static str,
        _: usize,
    ) -> Result<Self::SerializeTupleStruct, NoField> {
        Err(NoField)
    }

    fn serialize_tuple_variant(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: usize,
    ) -> Result<Self::SerializeTupleVariant, NoField> {
        Err(NoField)
    }

    fn serialize_map(self, _: Option<usize>) -> Result<Entries<'a>, NoField> {
        Ok(Entries { key: String::new(), field: self })
    }

    fn serialize_struct(self, _: &'static str, _: usize) -> Result<Self, NoField> {
        Ok(self)
    }

    fn serialize_struct_variant(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: usize,
    ) -> Result<Self::SerializeStructVariant, NoField> {
        Err(NoField)
    }
}

impl ser::SerializeSeq for Field<'_> {
    type Ok = ();
    type Error = NoField;

    fn serialize_element<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), NoField> {
        value.serialize(Field { name: self.name.clone(), fields: self.fields })
    }

    fn end(self) -> Result<(), NoField> {
        Ok(())
    }
}

impl ser::SerializeTuple for Field<'_> {
    type Ok = ();
    type Error = NoField;

    fn serialize_element<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), NoField> {
        ser::SerializeSeq::serialize_element(self, value)
    }

    fn end(self) -> Result<(), NoField> {
        Ok(())
    }
}

impl ser::SerializeStruct for Field<'_> {
    type Ok = ();
    type Error = NoField;

    fn serialize_field<T: Serialize + ?Sized>(
        &mut self,
        key: &'static str,
        value: &T,
    ) -> Result<(), NoField> {
        value.serialize(self.inner(key))
    }

    fn end(self) -> Result<(), NoField> {
        Ok(())
    }
}

/// Arguments of which some are flattened come as a map.
struct Entries<'a> {
    key: String,
    field: Field<'a>,
}

impl ser::SerializeMap for Entries<'_> {
    type Ok = ();
    type Error = NoField;

    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> Result<(), NoField> {
        let mut text = Fields::new();
        key.serialize(Field { name: String::new(), fields: &mut text })?;
        self.key = text.pop().map(|(_, key)| key).unwrap_or_default();
        Ok(())
    }

    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), NoField> {
        let key = std::mem::take(&mut self.key);
        value.serialize(self.field.inner(&key))
    }

    fn end(self) -> Result<(), NoField> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::features::contacts::rpc::UpdateContact;
    use crate::features::sign_in::rpc::SignIn;

    fn names(fields: &Fields) -> Vec<(&str, &str)> {
        fields
            .iter()
            .filter(|(_, value)| !value.is_empty())
            .map(|(name, value)| (name.as_str(), value.as_str()))
            .collect()
    }

    #[test]
    fn a_function_knows_its_own_fields_and_keeps_no_secret() {
        let kept = known::<SignIn>(b"email=a%40b.example&password=plum&next=%2Fx&junk=1&code=2");
        assert_eq!(names(&kept), [("email", "a@b.example"), ("next", "/x")]);
    }

    #[test]
    fn flattened_fields_and_lists_are_known() {
        let body = b"account=01k9zv5s8t3w2x1y0abcdefghj&contact=01k9zv5s8t3w2x1y0abcdefgh1&version=3&first_name=Ben&mail[]=invoice&mail[]=domain&junk[]=x";
        let kept = known::<UpdateContact>(body);
        assert_eq!(
            names(&kept),
            [
                ("account", "01k9zv5s8t3w2x1y0abcdefghj"),
                ("contact", "01k9zv5s8t3w2x1y0abcdefgh1"),
                ("version", "3"),
                ("first_name", "Ben"),
                ("mail[]", "invoice"),
                ("mail[]", "domain")
            ]
        );
        assert_eq!(
            known::<UpdateContact>(b"first_name=Ben"),
            Fields::new(),
            "a body without an account is none of its"
        );
    }
}

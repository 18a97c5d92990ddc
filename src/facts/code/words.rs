//! Single words, whatever type of the host's they are written as, and what must say nothing.

use std::fmt::{Display, Write};

use serde::ser::{self, Impossible, Serialize};

use super::{Coder, Done, TheLongWay, refuse};

/// Reads one word, yes or no, or that nobody said; a word is left in the scratch.
pub(super) struct Words<'c> {
    pub coder: &'c mut Coder,
}

/// What was read.
pub(super) enum Text {
    Unknown,
    Bool(bool),
    /// In `Coder::scratch`.
    Word,
    /// A whole number, in `Coder::scratch`.
    Whole,
}

impl Words<'_> {
    fn whole(self, whole: impl Display) -> Done<Text> {
        self.coder.scratch.clear();
        write!(self.coder.scratch, "{whole}").map_err(|_| TheLongWay)?;
        Ok(Text::Whole)
    }
}

/// A serializer that takes a few kinds of values and no others.
macro_rules! only {
    ($type:ty, $ok:ty, map: $map:ty, { $($body:tt)* }) => {
        impl<'c, 'a, 'n> ser::Serializer for $type {
            type Ok = $ok;
            type Error = TheLongWay;
            type SerializeTuple = Impossible<$ok, TheLongWay>;
            type SerializeTupleStruct = Impossible<$ok, TheLongWay>;
            type SerializeTupleVariant = Impossible<$ok, TheLongWay>;
            type SerializeMap = $map;
            type SerializeStruct = $map;
            type SerializeStructVariant = Impossible<$ok, TheLongWay>;

            refuse!(serialize_f32: f32, serialize_f64: f64, serialize_bytes: &[u8], serialize_char: char);

            fn serialize_i8(self, whole: i8) -> Done<$ok> {
                self.serialize_i64(whole.into())
            }

            fn serialize_i16(self, whole: i16) -> Done<$ok> {
                self.serialize_i64(whole.into())
            }

            fn serialize_i32(self, whole: i32) -> Done<$ok> {
                self.serialize_i64(whole.into())
            }

            fn serialize_u8(self, whole: u8) -> Done<$ok> {
                self.serialize_u64(whole.into())
            }

            fn serialize_u16(self, whole: u16) -> Done<$ok> {
                self.serialize_u64(whole.into())
            }

            fn serialize_u32(self, whole: u32) -> Done<$ok> {
                self.serialize_u64(whole.into())
            }

            fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Done<$ok> {
                value.serialize(self)
            }

            fn serialize_unit_struct(self, _: &'static str) -> Done<$ok> {
                self.serialize_unit()
            }

            fn serialize_newtype_struct<T: Serialize + ?Sized>(self, _: &'static str, value: &T) -> Done<$ok> {
                value.serialize(self)
            }

            fn serialize_newtype_variant<T: Serialize + ?Sized>(
                self,
                _: &'static str,
                _: u32,
                _: &'static str,
                _: &T,
            ) -> Done<$ok> {
                Err(TheLongWay)
            }

            fn serialize_tuple(self, _: usize) -> Done<Self::SerializeTuple> {
                Err(TheLongWay)
            }

            fn serialize_tuple_struct(self, _: &'static str, _: usize) -> Done<Self::SerializeTupleStruct> {
                Err(TheLongWay)
            }

            fn serialize_tuple_variant(
                self,
                _: &'static str,
                _: u32,
                _: &'static str,
                _: usize,
            ) -> Done<Self::SerializeTupleVariant> {
                Err(TheLongWay)
            }

            fn serialize_struct_variant(
                self,
                _: &'static str,
                _: u32,
                _: &'static str,
                _: usize,
            ) -> Done<Self::SerializeStructVariant> {
                Err(TheLongWay)
            }

            $($body)*
        }
    };
}

pub(super) use only;

/// To say nothing is fine where something may be said; a word is more than that.
macro_rules! silence {
    () => {
        fn serialize_none(self) -> Done<()> {
            Ok(())
        }

        fn serialize_unit(self) -> Done<()> {
            Ok(())
        }

        fn serialize_unit_variant(self, _: &'static str, _: u32, _: &'static str) -> Done<()> {
            Err(TheLongWay)
        }
    };
}
pub(super) use silence;

only!(Words<'c>, Text, map: Impossible<Text, TheLongWay>, {
    type SerializeSeq = Impossible<Text, TheLongWay>;

    fn serialize_i64(self, whole: i64) -> Done<Text> {
        self.whole(whole)
    }

    fn serialize_u64(self, whole: u64) -> Done<Text> {
        self.whole(whole)
    }

    fn serialize_bool(self, yes: bool) -> Done<Text> {
        Ok(Text::Bool(yes))
    }

    fn serialize_str(self, text: &str) -> Done<Text> {
        self.coder.scratch.clear();
        self.coder.scratch.push_str(text);
        Ok(Text::Word)
    }

    fn collect_str<T: Display + ?Sized>(self, value: &T) -> Done<Text> {
        self.coder.scratch.clear();
        write!(self.coder.scratch, "{value}").map_err(|_| TheLongWay)?;
        Ok(Text::Word)
    }

    fn serialize_none(self) -> Done<Text> {
        Ok(Text::Unknown)
    }

    fn serialize_unit(self) -> Done<Text> {
        Ok(Text::Unknown)
    }

    fn serialize_unit_variant(self, _: &'static str, _: u32, variant: &'static str) -> Done<Text> {
        self.serialize_str(variant)
    }

    fn serialize_seq(self, _: Option<usize>) -> Done<Self::SerializeSeq> {
        Err(TheLongWay)
    }

    fn serialize_map(self, _: Option<usize>) -> Done<Self::SerializeMap> {
        Err(TheLongWay)
    }

    fn serialize_struct(self, _: &'static str, _: usize) -> Done<Self::SerializeStruct> {
        Err(TheLongWay)
    }
});

/// Reads what must say nothing: `acts` and `lines` of which there are none.
pub(super) struct Nothing;

impl ser::SerializeSeq for Nothing {
    type Ok = ();
    type Error = TheLongWay;

    fn serialize_element<T: Serialize + ?Sized>(&mut self, _: &T) -> Done<()> {
        Err(TheLongWay)
    }

    fn end(self) -> Done<()> {
        Ok(())
    }
}

only!(Nothing, (), map: Impossible<(), TheLongWay>, {
    type SerializeSeq = Nothing;

    refuse!(serialize_i64: i64, serialize_u64: u64, serialize_bool: bool, serialize_str: &str);

    silence!();

    fn serialize_seq(self, _: Option<usize>) -> Done<Nothing> {
        Ok(Nothing)
    }

    fn serialize_map(self, _: Option<usize>) -> Done<Self::SerializeMap> {
        Err(TheLongWay)
    }

    fn serialize_struct(self, _: &'static str, _: usize) -> Done<Self::SerializeStruct> {
        Err(TheLongWay)
    }
});

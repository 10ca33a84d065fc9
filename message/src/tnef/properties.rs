//! MAPI properties as TNEF packs them (MS-OXTNEF §2.1.3.4): a type and an id each, then values.

use crate::limits::TNEF_PROPERTIES;

/// The properties of a message or an attachment that hold text or bytes, and whole numbers of four bytes.
#[derive(Debug, Default)]
pub(super) struct Properties<'a> {
    known: Vec<(u16, Value<'a>)>,
}

/// The value of a property.
#[derive(Clone, Copy, Debug)]
pub(super) enum Value<'a> {
    /// Bytes, text in a code page, or a number.
    Bytes(&'a [u8]),
    /// Text in UTF-16.
    Unicode(&'a [u8]),
}

impl<'a> Value<'a> {
    /// As they stand.
    pub(super) fn bytes(self) -> &'a [u8] {
        match self {
            Self::Bytes(bytes) | Self::Unicode(bytes) => bytes,
        }
    }
}

impl<'a> Properties<'a> {
    /// Reads what is there, up to what is damaged or of an unknown type.
    pub(super) fn read(bytes: &'a [u8]) -> Self {
        let mut reader = Reader { rest: bytes };
        let mut known = Vec::new();
        let stated = reader.number().unwrap_or(0);
        let most = usize::try_from(stated).unwrap_or(usize::MAX).min(TNEF_PROPERTIES);
        for _ in 0..most {
            let Some((id, value)) = reader.property() else { break };
            if let Some(value) = value {
                known.push((id, value));
            }
        }
        Self { known }
    }

    /// The first property with this id.
    pub(super) fn find(&self, id: u16) -> Option<Value<'a>> {
        self.known.iter().find(|(known, _)| *known == id).map(|(_, value)| *value)
    }
}

struct Reader<'a> {
    rest: &'a [u8],
}

impl<'a> Reader<'a> {
    fn take(&mut self, length: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.rest.split_at_checked(length)?;
        self.rest = rest;
        Some(taken)
    }

    fn number(&mut self) -> Option<u32> {
        Some(u32::from_le_bytes(*self.take(4)?.first_chunk()?))
    }

    fn short(&mut self) -> Option<u16> {
        Some(u16::from_le_bytes(*self.take(2)?.first_chunk()?))
    }

    /// Bytes with their length before them, filled up to a multiple of four.
    fn filled(&mut self) -> Option<&'a [u8]> {
        let length = usize::try_from(self.number()?).ok()?;
        // What was cut off is read as far as it goes.
        let value = self.take(length.min(self.rest.len()))?;
        self.take((length.wrapping_neg() & 3).min(self.rest.len()))?;
        Some(value)
    }

    fn property(&mut self) -> Option<(u16, Option<Value<'a>>)> {
        let stated = self.short()?;
        let id = self.short()?;
        if id >= 0x8000 {
            self.take(16)?;
            if self.number()? == 0 {
                self.take(4)?;
            } else {
                self.filled()?;
            }
        }
        let (kind, several) = (stated & !0x1000, stated & 0x1000 != 0);
        let packed = matches!(kind, 0x0d | 0x1e | 0x1f | 0x102);
        let count = if several || packed { self.number()? } else { 1 };
        let mut first = None;
        for _ in 0..count {
            let value = match kind {
                // An object begins with the name of its interface.
                0x0d => Value::Bytes(self.filled()?.get(16..).unwrap_or_default()),
                0x1e | 0x102 => Value::Bytes(self.filled()?),
                0x1f => Value::Unicode(self.filled()?),
                0x02 | 0x03 | 0x04 | 0x0a | 0x0b => Value::Bytes(self.take(4)?),
                0x05 | 0x06 | 0x07 | 0x14 | 0x40 => Value::Bytes(self.take(8)?),
                0x48 => Value::Bytes(self.take(16)?),
                _ => return None,
            };
            first = first.or(Some(value));
        }
        Some((id, first))
    }
}

//! Closed sets of names: one definition gives the Rust enum, its stored and wire form, and the
//! sentence that documents each value, so that table, model and API cannot drift apart.

/// A closed set whose values have a stable SCREAMING_CASE name and a description.
pub trait Closed: Copy + Eq + Send + Sync + 'static {
    /// The name of the set.
    const NAME: &'static str;
    /// What the set is.
    const ABOUT: &'static str;
    /// Every value in declaration order.
    const VALUES: &'static [Self];
    /// The stored and wire form.
    fn as_str(self) -> &'static str;
    /// What the value means.
    fn about(self) -> &'static str;
    /// Reads the exact form of [`Closed::as_str`].
    fn parse(text: &str) -> Option<Self> {
        Self::VALUES.iter().copied().find(|v| v.as_str() == text)
    }
}

/// Defines a [`Closed`] enum from documented `Variant = "NAME"` lines.
macro_rules! closed {
    ($(#[doc = $about:literal])* $name:ident { $($(#[doc = $vabout:literal])* $variant:ident = $text:literal,)* }) => {
        $(#[doc = $about])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum $name { $($(#[doc = $vabout])* $variant,)* }

        impl $crate::kernel::closed::Closed for $name {
            const NAME: &'static str = stringify!($name);
            const ABOUT: &'static str = concat!($($about,)*).trim_ascii();
            const VALUES: &'static [Self] = &[$(Self::$variant,)*];
            fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $text,)* }
            }
            fn about(self) -> &'static str {
                match self { $(Self::$variant => concat!($($vabout,)*).trim_ascii(),)* }
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str($crate::kernel::closed::Closed::as_str(*self))
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = <std::borrow::Cow<'de, str>>::deserialize(deserializer)?;
                $crate::kernel::closed::Closed::parse(&text)
                    .ok_or_else(|| serde::de::Error::custom(concat!("not a value of ", stringify!($name))))
            }
        }
    };
}
pub(crate) use closed;

#[cfg(test)]
mod tests {
    use super::Closed;

    closed! {
        /// A signal.
        Signal {
            /// Stop.
            Red = "RED",
            /// Go.
            Green = "GREEN",
        }
    }

    #[test]
    fn names_round_trip_and_carry_their_description() {
        for value in Signal::VALUES {
            assert_eq!(Signal::parse(value.as_str()), Some(*value));
            let json = serde_json::to_string(value).expect("a name");
            assert_eq!(
                serde_json::from_str::<Signal>(&json).expect("a name"),
                *value
            );
        }
        assert_eq!(Signal::parse("AMBER"), None);
        assert_eq!((Signal::ABOUT, Signal::Green.about()), ("A signal.", "Go."));
        assert_eq!(Signal::NAME, "Signal");
        assert_eq!(Signal::Red.as_str(), "RED");
    }
}

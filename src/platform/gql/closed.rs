//! Closed sets of names as GraphQL enums, described by their own doc comments.

use async_graphql::indexmap::IndexMap;
use async_graphql::registry::{EnumBuilder, MetaEnumValue, MetaTypeId, Registry};
use async_graphql::resolver_utils::EnumItem;

use crate::kernel::closed::Closed;

/// The items of a set, in the form the engine wants: built once, kept for good.
pub fn items<T: Closed>() -> &'static [EnumItem<T>] {
    let items: Vec<EnumItem<T>> = T::VALUES
        .iter()
        .map(|value| EnumItem {
            name: value.as_str(),
            value: *value,
        })
        .collect();
    items.leak()
}

/// Registers a set in the schema with a description on every value.
pub fn register<T: Closed + async_graphql::InputType>(registry: &mut Registry) -> String {
    registry.create_input_type::<T, _>(MetaTypeId::Enum, |_| {
        let values: IndexMap<String, MetaEnumValue> = T::VALUES
            .iter()
            .map(|value| {
                let name = value.as_str();
                (
                    name.to_owned(),
                    MetaEnumValue {
                        name: name.into(),
                        description: Some(value.about().into()),
                        deprecation: async_graphql::registry::Deprecation::NoDeprecated,
                        visible: None,
                        inaccessible: false,
                        tags: Vec::new(),
                        directive_invocations: Vec::new(),
                    },
                )
            })
            .collect();
        EnumBuilder::new(T::NAME, values)
            .description(Some(T::ABOUT.to_owned()))
            .build()
    })
}

/// Lets GraphQL use [`Closed`] sets as enums: `graphql_enums!(WorkStatus, Education);`
macro_rules! graphql_enums {
    ($($name:ty),+ $(,)?) => {$(
        impl async_graphql::resolver_utils::EnumType for $name {
            fn items() -> &'static [async_graphql::resolver_utils::EnumItem<Self>] {
                static ITEMS: std::sync::OnceLock<&'static [async_graphql::resolver_utils::EnumItem<$name>]> =
                    std::sync::OnceLock::new();
                ITEMS.get_or_init($crate::platform::gql::closed::items::<$name>)
            }
        }

        impl async_graphql::InputType for $name {
            type RawValueType = Self;

            fn type_name() -> std::borrow::Cow<'static, str> {
                std::borrow::Cow::Borrowed(<$name as $crate::kernel::closed::Closed>::NAME)
            }

            fn create_type_info(registry: &mut async_graphql::registry::Registry) -> String {
                $crate::platform::gql::closed::register::<$name>(registry)
            }

            fn parse(value: Option<async_graphql::Value>) -> async_graphql::InputValueResult<Self> {
                async_graphql::resolver_utils::parse_enum(value.unwrap_or_default())
            }

            fn to_value(&self) -> async_graphql::Value {
                async_graphql::resolver_utils::enum_value(*self)
            }

            fn as_raw_value(&self) -> Option<&Self::RawValueType> {
                Some(self)
            }
        }

        impl async_graphql::OutputType for $name {
            fn type_name() -> std::borrow::Cow<'static, str> {
                <Self as async_graphql::InputType>::type_name()
            }

            fn create_type_info(registry: &mut async_graphql::registry::Registry) -> String {
                $crate::platform::gql::closed::register::<$name>(registry)
            }

            async fn resolve(
                &self,
                _: &async_graphql::ContextSelectionSet<'_>,
                _: &async_graphql::Positioned<async_graphql::parser::types::Field>,
            ) -> async_graphql::ServerResult<async_graphql::Value> {
                Ok(async_graphql::resolver_utils::enum_value(*self))
            }
        }
    )+};
}
pub(crate) use graphql_enums;

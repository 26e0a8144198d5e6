//! Relay connections with a description on every field.

use async_graphql::SimpleObject;

/// Where a page of a connection stands.
#[derive(Clone, Debug, SimpleObject)]
pub struct PageInfo {
    /// Whether more items follow `endCursor`.
    pub has_next_page: bool,
    /// Always false: lists are read forward only.
    pub has_previous_page: bool,
    /// Cursor of the first item; null on an empty page.
    pub start_cursor: Option<String>,
    /// Cursor of the last item, to be given as `after`; null on an empty page.
    pub end_cursor: Option<String>,
}

/// Defines a connection and its edge: `connection!(Worker, WorkerConnection, WorkerEdge, "workers");`
macro_rules! connection {
    ($node:ty, $connection:ident, $edge:ident, $what:literal) => {
        #[doc = concat!("A page of ", $what, ".")]
        #[derive(async_graphql::SimpleObject)]
        #[graphql(complex)]
        pub struct $connection {
            /// The items with their cursors.
            pub edges: Vec<$edge>,
            /// Where this page stands in the list.
            pub page_info: $crate::platform::gql::connection::PageInfo,
        }

        #[doc = concat!("One of the ", $what, " with its cursor.")]
        #[derive(async_graphql::SimpleObject)]
        pub struct $edge {
            /// The item.
            pub node: $node,
            /// Opaque; give it as `after` to continue behind this item.
            pub cursor: String,
        }

        #[async_graphql::ComplexObject]
        impl $connection {
            /// The items without their cursors.
            async fn nodes(&self) -> Vec<&$node> {
                self.edges.iter().map(|edge| &edge.node).collect()
            }
        }

        impl $connection {
            /// A connection over one page of rows.
            pub fn from_page<T, K: serde::Serialize>(
                page: $crate::kernel::page::Page<T>,
                key: impl Fn(&T) -> K,
                node: impl Fn(T) -> $node,
            ) -> Self {
                let has_next_page = page.has_next;
                let edges: Vec<$edge> = page
                    .rows
                    .into_iter()
                    .map(|row| {
                        let cursor = $crate::kernel::page::encode_cursor(&key(&row));
                        $edge {
                            node: node(row),
                            cursor,
                        }
                    })
                    .collect();
                let page_info = $crate::platform::gql::connection::PageInfo {
                    has_next_page,
                    has_previous_page: false,
                    start_cursor: edges.first().map(|edge| edge.cursor.clone()),
                    end_cursor: edges.last().map(|edge| edge.cursor.clone()),
                };
                Self { edges, page_info }
            }
        }
    };
}
pub(crate) use connection;

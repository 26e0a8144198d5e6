//! Reads the parameters of a GraphQL request from a body or an address.

use std::time::Duration;

use actix_web::HttpRequest;
use actix_web::http::header::CONTENT_LENGTH;
use actix_web::web::{Bytes, BytesMut, Payload, Query};
use async_graphql::{Extensions, Variables};
use futures::StreamExt as _;
use serde::Deserialize;
use serde::de::DeserializeOwned;

use super::negotiate::only;
use super::refusal::Refusal;

/// The four parameters of the GraphQL-over-HTTP specification. Others are ignored, as it asks.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Params {
    pub(super) query: Option<String>,
    pub(super) operation_name: Option<String>,
    pub(super) variables: Option<Variables>,
    pub(super) extensions: Option<Extensions>,
}

impl Params {
    /// From a JSON body. An array is a batch, which would multiply every limit.
    pub(super) fn from_body(body: &[u8]) -> Result<Self, Refusal> {
        match body.iter().find(|byte| !byte.is_ascii_whitespace()) {
            Some(b'[') => {
                return Err(Refusal::malformed(
                    "不支持批量请求，请逐个发送。",
                    "Batches are not accepted. Send one request at a time.",
                ));
            }
            Some(b'{') => {}
            _ => return Err(not_an_object()),
        }
        let params: Self = serde_json::from_slice(body).map_err(|_| not_an_object())?;
        Ok(params.without_empty())
    }

    /// From the query string of a GET.
    pub(super) fn from_address(query_string: &str) -> Result<Self, Refusal> {
        let Query(pairs) =
            Query::<Vec<(String, String)>>::from_query(query_string).map_err(|_| unreadable())?;
        let mut seen = [None, None, None, None];
        let names = ["query", "operationName", "variables", "extensions"];
        for (name, value) in pairs {
            if let Some(index) = names.iter().position(|known| *known == name)
                && seen[index].replace(value).is_some()
            {
                return Err(unreadable());
            }
        }
        let [query, operation_name, variables, extensions] = seen;
        let params = Self {
            query,
            operation_name,
            variables: variables.map(|text| json(&text)).transpose()?.flatten(),
            extensions: extensions.map(|text| json(&text)).transpose()?.flatten(),
        };
        Ok(params.without_empty())
    }

    /// Clients that have no name to give send an empty one.
    fn without_empty(mut self) -> Self {
        self.operation_name = self.operation_name.filter(|name| !name.is_empty());
        self
    }
}

fn json<T: DeserializeOwned>(text: &str) -> Result<Option<T>, Refusal> {
    if text.is_empty() {
        return Ok(None);
    }
    serde_json::from_str(text).map_err(|_| unreadable())
}

fn not_an_object() -> Refusal {
    Refusal::malformed(
        "请求内容应为 JSON 对象：query 为字符串，operationName 为字符串，variables 与 extensions 为对象。",
        "The body must be a JSON object: query and operationName strings, \
         variables and extensions objects.",
    )
}

fn unreadable() -> Refusal {
    Refusal::malformed(
        "网址参数无法读取：每个参数只能出现一次，variables 与 extensions 应为 JSON 对象。",
        "The address cannot be read: each parameter stands once, \
         variables and extensions are JSON objects.",
    )
}

/// Takes a body as it comes and stops at the bound, in bytes and in time.
pub(super) async fn read_body(
    request: &HttpRequest,
    body: &mut Payload,
    most: usize,
    patience: Duration,
) -> Result<Bytes, Refusal> {
    let bound = u64::try_from(most).unwrap_or(u64::MAX);
    let announced = only(request.headers(), CONTENT_LENGTH).and_then(|text| text.parse().ok());
    if let Some(found) = announced.filter(|length| *length > bound) {
        return Err(Refusal::body_too_large(bound, found));
    }
    tokio::time::timeout(patience, take(body, most, bound))
        .await
        .unwrap_or_else(|_| Err(Refusal::slow_body()))
}

async fn take(body: &mut Payload, most: usize, bound: u64) -> Result<Bytes, Refusal> {
    let mut taken = BytesMut::new();
    while let Some(chunk) = body.next().await {
        let chunk = chunk.map_err(|_| {
            Refusal::malformed("请求内容未完整到达。", "The request's body broke off.")
        })?;
        let found = taken.len() + chunk.len();
        if found > most {
            let found = u64::try_from(found).unwrap_or(u64::MAX);
            return Err(Refusal::body_too_large(bound, found));
        }
        taken.extend_from_slice(&chunk);
    }
    Ok(taken.freeze())
}

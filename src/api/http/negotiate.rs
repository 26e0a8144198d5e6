//! Media types: what a body may be, and what the caller wants back.
//!
//! After the GraphQL-over-HTTP specification (draft of 2025): a missing `Accept` and `*/*` mean
//! `application/json`; only UTF-8.

use actix_web::http::header::{ACCEPT, CONTENT_ENCODING, CONTENT_TYPE, HeaderMap, HeaderName};

/// The two media types of a GraphQL answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Media {
    /// `application/graphql-response+json`: the status code tells how far the request came.
    GraphQl,
    /// `application/json`: 200 for everything that was a well-formed GraphQL request.
    Json,
}

impl Media {
    pub(super) const fn content_type(self) -> &'static str {
        match self {
            Self::GraphQl => "application/graphql-response+json; charset=utf-8",
            Self::Json => "application/json; charset=utf-8",
        }
    }

    /// The best of the two by weight, then by how exactly it was asked for; absent when the
    /// caller accepts neither.
    pub(super) fn accepted(headers: &HeaderMap) -> Option<Self> {
        if !headers.contains_key(ACCEPT) {
            return Some(Self::Json);
        }
        let ranges: Vec<Range> = headers
            .get_all(ACCEPT)
            .filter_map(|value| value.to_str().ok())
            .flat_map(|value| value.split(','))
            .filter_map(Range::parse)
            .collect();
        let weight = |media: Self| {
            ranges
                .iter()
                .filter_map(|range| Some((range.exactness(media)?, range.weight)))
                .max_by_key(|(exactness, _)| *exactness)
                .filter(|(_, weight)| *weight > 0)
        };
        match (weight(Self::GraphQl), weight(Self::Json)) {
            (Some((exact, graphql)), Some((_, json))) => {
                // A bare wildcard fits both alike; older clients that send it expect JSON.
                let wins = if exact == Exactness::Type {
                    json <= graphql
                } else {
                    json < graphql
                };
                Some(if wins { Self::GraphQl } else { Self::Json })
            }
            (Some(_), None) => Some(Self::GraphQl),
            (None, Some(_)) => Some(Self::Json),
            (None, None) => None,
        }
    }
}

/// How closely a range of `Accept` names a media type; a closer one overrides a wider one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Exactness {
    Any,
    Group,
    Type,
}

struct Range {
    essence: String,
    /// The `q` in thousandths.
    weight: u32,
}

impl Range {
    /// Absent for a range that asks for another charset than UTF-8.
    fn parse(text: &str) -> Option<Self> {
        let (essence, parameters) = split(text);
        let mut weight = 1_000;
        for (name, value) in parameters {
            match name.as_str() {
                "q" => weight = thousandths(&value)?,
                "charset" if value != "utf-8" => return None,
                _ => {}
            }
        }
        Some(Self { essence, weight })
    }

    fn exactness(&self, media: Media) -> Option<Exactness> {
        let own = match media {
            Media::GraphQl => "application/graphql-response+json",
            Media::Json => "application/json",
        };
        match self.essence.as_str() {
            "*/*" => Some(Exactness::Any),
            "application/*" => Some(Exactness::Group),
            essence if essence == own => Some(Exactness::Type),
            _ => None,
        }
    }
}

fn thousandths(value: &str) -> Option<u32> {
    let weight: f64 = value.parse().ok()?;
    (0.0..=1.0)
        .contains(&weight)
        .then_some((weight * 1_000.0).round() as u32)
}

/// Whether a body is `application/json` in UTF-8 and not compressed.
pub(super) fn is_json(headers: &HeaderMap) -> bool {
    let Some(content_type) = only(headers, CONTENT_TYPE) else {
        return false;
    };
    let (essence, parameters) = split(content_type);
    let plain = !headers.contains_key(CONTENT_ENCODING)
        || only(headers, CONTENT_ENCODING)
            .is_some_and(|encoding| encoding.eq_ignore_ascii_case("identity"));
    essence == "application/json"
        && plain
        && parameters
            .iter()
            .all(|(name, value)| name != "charset" || value == "utf-8")
}

/// The text of a header that stands once; absent also when it stands twice.
pub(super) fn only(headers: &HeaderMap, name: HeaderName) -> Option<&str> {
    let mut values = headers.get_all(name);
    let value = values.next()?;
    values.next().is_none().then(|| value.to_str().ok())?
}

/// `type/subtype; name="value"` in lower case.
fn split(text: &str) -> (String, Vec<(String, String)>) {
    let mut pieces = text
        .split(';')
        .map(|piece| piece.trim().to_ascii_lowercase());
    let essence = pieces.next().unwrap_or_default();
    let parameters = pieces
        .filter_map(|piece| {
            let (name, value) = piece.split_once('=')?;
            Some((
                name.trim().to_owned(),
                value.trim().trim_matches('"').to_owned(),
            ))
        })
        .collect();
    (essence, parameters)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(name: HeaderName, values: &[&str]) -> HeaderMap {
        let mut headers = HeaderMap::new();
        for value in values {
            headers.append(name.clone(), value.parse().unwrap());
        }
        headers
    }

    #[test]
    fn the_answers_type_follows_accept() {
        let graphql = Some(Media::GraphQl);
        let json = Some(Media::Json);
        for (accept, expected) in [
            (&[][..], json),
            (&["*/*"], json),
            (&["application/*"], json),
            (&["application/json"], json),
            (&["application/json; charset=utf-8"], json),
            (&["application/graphql-response+json"], graphql),
            (
                &["Application/GraphQL-Response+JSON; charset=\"UTF-8\""],
                graphql,
            ),
            (
                &["application/graphql-response+json, application/json"],
                graphql,
            ),
            (
                &["application/json", "application/graphql-response+json"],
                graphql,
            ),
            (
                &["application/graphql-response+json;q=0.5, application/json"],
                json,
            ),
            (&["application/graphql-response+json, */*"], graphql),
            (&["application/graphql-response+json;q=0, */*"], json),
            (&["text/html, */*;q=0.1"], json),
            (&["text/html"], None),
            (&["application/json; charset=utf-16"], None),
            (&["application/json;q=0"], None),
        ] {
            assert_eq!(
                Media::accepted(&headers(ACCEPT, accept)),
                expected,
                "{accept:?}"
            );
        }
    }

    #[test]
    fn only_plain_utf_8_json_is_read() {
        for (content_type, expected) in [
            (&[][..], false),
            (&["application/json"], true),
            (&["application/json; charset=utf-8"], true),
            (&["APPLICATION/JSON;charset=\"UTF-8\""], true),
            (&["application/json; charset=utf-16"], false),
            (&["application/json", "text/plain"], false),
            (&["text/plain"], false),
            (&["application/x-www-form-urlencoded"], false),
            (&["multipart/form-data; boundary=x"], false),
            (&["application/graphql"], false),
        ] {
            assert_eq!(is_json(&headers(CONTENT_TYPE, content_type)), expected);
        }
        let mut zipped = headers(CONTENT_TYPE, &["application/json"]);
        zipped.append(CONTENT_ENCODING, "gzip".parse().unwrap());
        assert!(!is_json(&zipped));
    }
}

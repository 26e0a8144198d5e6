//! Long answers to queries, packed for whoever accepts it.

use std::io::Read as _;

use flate2::read::GzDecoder;

use super::*;

/// The headers and the raw body of an answer to somebody who accepts these encodings.
async fn raw(toy: &Toy, query: &str, accept: Option<&str>) -> (HeaderMap, Vec<u8>) {
    let mut request = toy.post(&json!({ "query": query }));
    if let Some(accept) = accept {
        request = request.header("accept-encoding", accept);
    }
    let response = request.send().await.unwrap();
    assert_eq!(response.status(), 200, "{accept:?}");
    let headers = response.headers().clone();
    (headers, response.bytes().await.unwrap().to_vec())
}

#[tokio::test]
async fn a_long_answer_to_a_query_is_packed_for_whoever_accepts_it() {
    let toy = Toy::start().await;
    let (_, plain) = raw(&toy, "{ long }", None).await;
    for accept in ["gzip", "gzip, deflate, br", "br;q=1.0, gzip;q=0.8, *;q=0.1"] {
        let (headers, packed) = raw(&toy, "{ long }", Some(accept)).await;
        assert_eq!(headers["content-encoding"], "gzip", "{accept}");
        assert_eq!(headers["vary"], "accept-encoding");
        assert_eq!(headers["content-length"], packed.len().to_string().as_str());
        assert!(packed.len() * 10 < plain.len(), "{}", packed.len());
        let mut unpacked = Vec::new();
        let mut decoder = GzDecoder::new(packed.as_slice());
        decoder.read_to_end(&mut unpacked).unwrap();
        assert_eq!(unpacked, plain);
    }
    for (query, accept) in [
        ("{ long }", None),
        ("{ long }", Some("br")),
        ("{ long }", Some("gzip;q=0")),
        ("{ long }", Some("identity, gzip;q=0.5")),
        ("{ hello }", Some("gzip")),
        ("mutation { long }", Some("gzip")),
    ] {
        let (headers, body) = raw(&toy, query, accept).await;
        assert!(
            !headers.contains_key("content-encoding"),
            "{query} {accept:?}"
        );
        assert_eq!(body.first(), Some(&b'{'), "{query} {accept:?}");
    }
}

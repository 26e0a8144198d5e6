//! Tokens: verified before anything else is read, and never quietly dropped.

use super::*;

#[tokio::test]
async fn a_good_token_reaches_the_resolvers_and_no_token_is_nobody() {
    let toy = Toy::start().await;
    let body = json!({ "query": "{ person }" });
    let answer = Toy::send(toy.post(&body).bearer_auth("good")).await;
    assert_eq!(answer.json()["data"]["person"], "Li");
    let answer = Toy::send(toy.post(&body)).await;
    assert_eq!(answer.json()["data"]["person"], "nobody");
}

#[tokio::test]
async fn a_bad_token_is_401_with_a_challenge_and_never_anonymous() {
    let toy = Toy::start().await;
    let body = json!({ "query": "mutation { bump }" });
    let twice = toy
        .post(&body)
        .bearer_auth("good")
        .header("authorization", "Bearer good");
    let not_text = toy
        .post(&body)
        .header("authorization", b"Bearer \xff".as_slice());
    let get = toy
        .request("GET", "/graphql?query=%7Bhello%7D")
        .bearer_auth("bad");
    let as_json = toy
        .request("POST", "/graphql")
        .bearer_auth("bad")
        .json(&body);
    for request in [
        toy.post(&body).bearer_auth("bad"),
        twice,
        not_text,
        get,
        as_json,
    ] {
        let answer = Toy::send(request).await;
        assert_eq!(answer.status, 401, "{answer:?}");
        assert_eq!(answer.refusal(), "UNAUTHENTICATED");
        assert!(
            answer.header("www-authenticate").starts_with("Bearer "),
            "{answer:?}"
        );
    }
    assert_eq!(toy.bumps(), 0);
}

#[tokio::test]
async fn a_token_that_cannot_be_checked_is_503_and_may_be_tried_again() {
    let toy = Toy::start().await;
    let body = json!({ "query": "mutation { bump }" });
    let answer = Toy::send(toy.post(&body).bearer_auth("down")).await;
    assert_eq!(
        (answer.status.as_u16(), answer.refusal()),
        (503, "UNAVAILABLE".to_owned())
    );
    assert_eq!(answer.header("retry-after"), "5");
    assert_eq!(toy.bumps(), 0);
}

#[tokio::test]
async fn messages_follow_accept_language_and_codes_do_not() {
    let toy = Toy::start().await;
    for (language, text) in [
        (None, "未找到"),
        (Some("en-GB"), "no such record"),
        (Some("zh"), "未找到"),
    ] {
        let mut request = toy
            .request("POST", "/graphql")
            .json(&json!({ "query": "{ missing }" }));
        if let Some(language) = language {
            request = request.header("accept-language", language);
        }
        let answer = Toy::send(request).await;
        assert!(answer.text.contains(text), "{answer:?}");
        assert_eq!(answer.code(), "NOT_FOUND");
    }
}

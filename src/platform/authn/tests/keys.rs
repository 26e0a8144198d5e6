//! The cache of an issuer's keys: one refresh for an unknown key, and none lost when it is down.

use futures::FutureExt as _;
use futures::future::join_all;
use tokio_util::sync::CancellationToken;

use super::*;

#[tokio::test]
async fn an_unknown_key_asks_the_issuer_once_however_many_wait() {
    let bench = Bench::new().await;
    let token = bench.signer.token("k1", &claims(json!({})));
    let verdicts = join_all((0..20).map(|_| bench.verify(&token))).await;
    assert!(verdicts.iter().all(Result::is_ok));
    assert_eq!(bench.endpoint.hits(), 1);
    // Known from now on.
    assert!(bench.verify(&token).await.is_ok());
    assert_eq!(bench.endpoint.hits(), 1);
}

#[tokio::test]
async fn made_up_key_ids_ask_the_issuer_at_most_every_thirty_seconds() {
    let bench = Bench::new().await;
    assert!(bench.verdict(json!({})).await.is_ok());
    let token = bench.signer.token("made-up", &claims(json!({})));
    for (seconds, hits) in [(29, 1), (30, 2), (59, 2), (60, 3)] {
        bench.wall.set(at(NOW + seconds));
        assert_eq!(bench.verify(&token).await, Err(AuthnError::UnknownKey));
        assert_eq!(bench.endpoint.hits(), hits, "after {seconds} s");
    }
}

#[tokio::test]
async fn a_rotated_key_is_accepted_at_its_first_token() {
    let bench = Bench::new().await;
    assert!(bench.verdict(json!({})).await.is_ok());
    let next = Signer::es256();
    bench
        .endpoint
        .answer(200, jwks(&[("k1", &bench.signer), ("k2", &next)]));
    bench.wall.set(at(NOW + 31));
    let token = next.token("k2", &claims(json!({})));
    assert!(bench.verify(&token).await.is_ok());
    assert_eq!(bench.endpoint.hits(), 2);
}

#[tokio::test]
async fn a_caller_who_hangs_up_does_not_end_the_refresh() {
    let bench = Bench::new().await;
    let token = bench.signer.token("k1", &claims(json!({})));
    // Asked once and dropped: the request is on its way, its answer is not read yet.
    assert!(bench.verify(&token).now_or_never().is_none());
    // Nobody may ask again within the gap, so these are the keys of that flight.
    assert!(bench.verify(&token).await.is_ok());
    assert_eq!(bench.endpoint.hits(), 1);
}

#[tokio::test]
async fn the_keys_at_hand_survive_whatever_the_issuer_answers() {
    let bench = Bench::new().await;
    assert!(bench.verdict(json!({})).await.is_ok());
    let stranger = Signer::eddsa();
    let foreign = jwks(&[("k2", &stranger)]);
    let mut oversized = foreign.clone();
    oversized["pad"] = json!("x".repeat(300_000));
    let answers = [
        (503, foreign.to_string()),
        (302, foreign.to_string()),
        (200, "<html>".to_owned()),
        (200, jwks(&[]).to_string()),
        (200, oversized.to_string()),
    ];
    for (round, (status, body)) in (1_i64..).zip(answers) {
        bench.endpoint.answer(status, body);
        bench.wall.set(at(NOW + 31 * round));
        let token = stranger.token("k2", &claims(json!({})));
        assert_eq!(bench.verify(&token).await, Err(AuthnError::UnknownKey));
        assert_eq!(bench.endpoint.hits(), 1 + usize::try_from(round).unwrap());
        assert!(bench.verdict(json!({})).await.is_ok(), "round {round}");
    }
}

#[tokio::test]
async fn without_any_key_no_token_is_accepted() {
    let bench = Bench::new().await;
    bench.endpoint.answer(503, "");
    assert_eq!(bench.verdict(json!({})).await, Err(AuthnError::NoKeys));
}

#[tokio::test]
async fn the_background_refresh_fetches_at_once_and_ends_with_the_server() {
    let signer = Signer::eddsa();
    let endpoint = JwksEndpoint::serving(&jwks(&[("k1", &signer)])).await;
    let keys = KeySource::jwks(&endpoint.url, Vec::new(), WallClock::fixed(at(NOW))).unwrap();
    let shutdown = CancellationToken::new();
    shutdown.cancel();
    keys.keep_fresh(shutdown).await;
    assert_eq!(endpoint.hits(), 1);
    assert!(keys.find(Some("k1")).await.is_ok());
    assert_eq!(endpoint.hits(), 1);
    assert_eq!(keys.probe().await.unwrap(), 1);
}

#[tokio::test]
async fn a_token_without_key_id_is_accepted_only_while_there_is_one_key() {
    let bench = Bench::new().await;
    let header = json!({"alg": "EdDSA"});
    let token = bench.signer.jws(&header, &claims(json!({})));
    assert!(bench.verdict(json!({})).await.is_ok());
    assert!(bench.verify(&token).await.is_ok());
    let other = Signer::eddsa();
    bench
        .endpoint
        .answer(200, jwks(&[("k1", &bench.signer), ("k2", &other)]));
    bench.wall.set(at(NOW + 31));
    let unknown = bench.signer.token("k3", &claims(json!({})));
    assert_eq!(bench.verify(&unknown).await, Err(AuthnError::UnknownKey));
    assert_eq!(bench.verify(&token).await, Err(AuthnError::UnknownKey));
}

#[tokio::test]
async fn unusable_published_keys_are_left_out_and_do_not_hide_the_others() {
    let bench = Bench::new().await;
    let secret = b64([7; 32]);
    let mut for_encryption = bench.signer.jwk();
    for_encryption["kid"] = json!("enc");
    for_encryption["use"] = json!("enc");
    let mut other_algorithm = Signer::rs256().jwk();
    other_algorithm["kid"] = json!("ps");
    other_algorithm["alg"] = json!("PS256");
    let mut set = jwks(&[("k1", &bench.signer)]);
    let published = set["keys"].as_array_mut().unwrap();
    published.extend([
        json!({"kty": "oct", "kid": "oct", "alg": "HS256", "k": secret}),
        json!({"kty": "AKP", "kid": "future", "alg": "ML-DSA-65", "pub": "AA"}),
        json!("no key at all"),
        for_encryption,
        other_algorithm,
    ]);
    bench.endpoint.answer(200, set);
    assert!(bench.verdict(json!({})).await.is_ok());
    let input = signing_input(&json!({"alg": "HS256", "kid": "oct"}), &claims(json!({})));
    let mut mac = Hmac::<Sha256>::new_from_slice(&[7; 32]).unwrap();
    mac.update(input.as_bytes());
    let forged = format!("{input}.{}", b64(mac.finalize().into_bytes()));
    assert_eq!(bench.verify(&forged).await, Err(AuthnError::UnknownKey));
    for kid in ["future", "enc", "ps"] {
        let token = bench.signer.token(kid, &claims(json!({})));
        assert_eq!(bench.verify(&token).await, Err(AuthnError::UnknownKey));
    }
}

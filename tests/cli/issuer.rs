//! An issuer whose keys come over TLS, with a certificate that a CA of its own has signed.

use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use employment_exchange::platform::authn::WallClock;
use employment_exchange::platform::crypto::{Purpose, SigningKey};
use libtest_mimic::Trial;
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::crypto::aws_lc_rs;
use tokio_rustls::rustls::pki_types::pem::PemObject as _;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};

use super::process::{self, Place};

pub fn trials() -> Vec<Trial> {
    crate::plain![keys_come_over_tls_from_whom_the_operator_trusts]
}

const NAME: &str = "https://issuer.example";

/// The CA that has signed [`SERVER`].
const CA: &str = include_str!("../fixtures/issuer/ca.pem");
/// A CA that has signed nothing here.
const OTHER_CA: &str = include_str!("../fixtures/issuer/other-ca.pem");
/// The certificate of a server that callers find under the name `localhost`, with its key. They were
/// made by `tests/fixtures/issuer/make.sh` and are good from 2020 to 2120.
const SERVER: &[u8] = include_bytes!("../fixtures/issuer/server.pem");
const SERVER_KEY: &[u8] = include_bytes!("../fixtures/issuer/server-key.pem");

fn tls() -> ServerConfig {
    let certificate = CertificateDer::from_pem_slice(SERVER).expect("a certificate");
    let key = PrivateKeyDer::from_pem_slice(SERVER_KEY).expect("a key");
    ServerConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
        .with_safe_default_protocol_versions()
        .expect("versions")
        .with_no_client_auth()
        .with_single_cert(vec![certificate], key)
        .expect("a key and its certificate")
}

/// Publishes a key on this machine until the process ends; the port.
fn publish(key: &SigningKey) -> u16 {
    let public = key.public();
    let x = URL_SAFE_NO_PAD.encode(public.as_bytes());
    let jwk = json!({"kty": "OKP", "crv": "Ed25519", "x": x, "kid": public.id()});
    let body = json!({"keys": [jwk]}).to_string();
    let (port, listening) = std::sync::mpsc::channel();
    std::thread::spawn(move || {
        process::block_on(async {
            let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
            let address = listener.local_addr().expect("bound");
            port.send(address.port()).expect("somebody listens");
            let acceptor = TlsAcceptor::from(Arc::new(tls()));
            loop {
                let (stream, _) = listener.accept().await.expect("a connection");
                // Whoever does not trust the certificate hangs up.
                if let Ok(stream) = acceptor.accept(stream).await {
                    let _hung_up = answer(stream, &body).await;
                }
            }
        });
    });
    listening.recv().expect("it listens")
}

async fn answer(
    mut stream: tokio_rustls::server::TlsStream<tokio::net::TcpStream>,
    body: &str,
) -> std::io::Result<()> {
    let mut request = Vec::new();
    while !request.ends_with(b"\r\n\r\n") {
        request.push(stream.read_u8().await?);
    }
    let length = body.len();
    let head = format!("HTTP/1.1 200 OK\r\ncontent-length: {length}\r\nconnection: close\r\n\r\n");
    stream.write_all(format!("{head}{body}").as_bytes()).await?;
    stream.shutdown().await
}

/// How a server answers a token of the issuer, and what it has logged by its end.
fn asked(place: &Place, token: &str) -> (u16, String) {
    let server = place.serve();
    let asked = process::post(&server.url, token, "{ viewer { role } }", Value::Null);
    let status = process::block_on(asked).expect("an answer").status();
    (status.as_u16(), server.ended_log().join("\n"))
}

/// The line of `doctor` about who may log in.
fn login(place: &Place) -> String {
    let all = place.run(&["doctor"]).out;
    let line = all.lines().find(|line| line.contains(" login "));
    line.expect("a line").to_owned()
}

fn keys_come_over_tls_from_whom_the_operator_trusts() {
    let key = SigningKey::generate();
    let port = publish(&key);
    let now = WallClock::system().now().timestamp();
    let claims = json!({"iss": NAME, "aud": "employment-exchange", "sub": "anna", "iat": now,
        "exp": now + 600, "jti": "0190b6f0-0000-7000-8000-000000000000", "role": "AUDITOR"});
    let token = key.sign(Purpose::Token, &claims);
    let mut place = Place::new();
    place.set(
        "EXCHANGE_JWKS_URL",
        &format!("https://localhost:{port}/jwks"),
    );
    place.set("EXCHANGE_AUTH__ISSUER", NAME);
    place.done(&["keys", "new", "data/keys.json"]);
    place.done(&["migrate"]);

    // Nobody has said that the CA is to be trusted, or the operator trusts another one.
    let distrusted = |place: &Place, why: &str| {
        let line = login(place);
        assert!(line.starts_with("FAIL ") && line.contains(why), "{line}");
        let (status, log) = asked(place, &token);
        assert_eq!(status, 503, "{log}");
        assert!(
            log.contains("keys were not refreshed") && log.contains(why),
            "{log}"
        );
    };
    let unknown = "invalid peer certificate: UnknownIssuer; if that CA is to be trusted, name its \
                   file under auth.ca_file";
    distrusted(&place, unknown);
    std::fs::write(place.path("ca.pem"), OTHER_CA).expect("written");
    place.set("EXCHANGE_AUTH__CA_FILE", "ca.pem");
    distrusted(&place, unknown);

    // Both of them: the file may hold several.
    let both = format!("{OTHER_CA}{CA}");
    std::fs::write(place.path("ca.pem"), both).expect("written");
    let line = login(&place);
    assert!(
        line.starts_with("ok ") && line.contains("1 keys at https://localhost"),
        "{line}"
    );
    assert_eq!(asked(&place, &token).0, 200);

    // The CA is trusted, but it has signed for another name.
    place.set(
        "EXCHANGE_JWKS_URL",
        &format!("https://127.0.0.1:{port}/jwks"),
    );
    distrusted(
        &place,
        "invalid peer certificate: certificate not valid for name",
    );
    std::fs::remove_file(place.path("ca.pem")).expect("removed");
    let refused = place.refused(&["serve"]);
    assert!(
        refused.contains("auth.ca_file cannot be read: ca.pem"),
        "{refused}"
    );
}

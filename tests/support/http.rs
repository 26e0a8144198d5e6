//! Clients for exchanges on loopback.

/// A client that is cheap to make: it trusts no certificate, since nothing here speaks TLS. With
/// the system's certificates a client takes 60 ms to make in a test build; sixty of them made
/// between a connection and its request once outlasted the five seconds that the server waits.
/// A connection that has been idle for longer than that is closed by the server, perhaps while it is
/// taken up again; so the client gives it up first.
pub fn client() -> reqwest::ClientBuilder {
    reqwest::Client::builder()
        .tls_certs_only([])
        .no_proxy()
        .pool_idle_timeout(std::time::Duration::from_secs(1))
}

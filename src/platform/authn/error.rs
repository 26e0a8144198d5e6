//! Why a token proves nothing: for the operator's log, never for the caller.

/// Why a request with an `Authorization` header has no principal. Holds no part of the token.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AuthnError {
    /// The header passes the bound in bytes.
    #[error("the authorization header has {found} bytes, more than {bound}")]
    TooLong {
        /// Bytes found.
        found: usize,
        /// Bytes allowed.
        bound: usize,
    },
    /// Not `Bearer` and one token.
    #[error("the authorization header is not a bearer token")]
    NotBearer,
    /// Not a signed compact JWT with a supported algorithm; `none` ends here.
    #[error("the token is not a well-formed signed JWT")]
    Malformed,
    /// A kind of JWT that is no access token, or one with an extension that must be understood.
    #[error("the token's header asks for something unsupported: {0}")]
    UnsupportedHeader(&'static str),
    /// No key has been fetched from the issuer yet.
    #[error("the issuer's keys have not been fetched yet")]
    NoKeys,
    /// The issuer publishes no such key.
    #[error("the token is signed by a key that the issuer does not publish")]
    UnknownKey,
    /// The key is for another algorithm than the token claims.
    #[error("the token's algorithm is not the one of its key")]
    WrongAlgorithm,
    /// The signature does not fit.
    #[error("the token's signature does not verify")]
    BadSignature,
    /// From somebody else.
    #[error("the token is from another issuer")]
    WrongIssuer,
    /// For somebody else.
    #[error("the token is for another audience")]
    WrongAudience,
    /// Its time is over.
    #[error("the token has expired")]
    Expired,
    /// Its time has not come.
    #[error("the token is not valid yet")]
    NotYetValid,
    /// A claim that every token, or its role, must carry.
    #[error("the token lacks the claim {0}")]
    MissingClaim(String),
    /// A claim of the wrong form; its value is not repeated.
    #[error("the token's claim {0} is malformed")]
    BadClaim(String),
}

//! What can go wrong, in two kinds that must never be confused.
//!
//! A [`UserError`] is an expected outcome of a well-formed request (already registered, stale
//! version): data in a mutation's payload. A [`Failure`] ends the request and becomes a top-level
//! GraphQL error with one of the closed [`ErrorCode`]s. Text for callers and context for operators
//! are kept apart by type: only [`Text`] ever leaves the process.

use std::borrow::Cow;
use std::error::Error as StdError;
use std::fmt;

/// The closed set of `extensions.code` values a client may rely on. Codes never change meaning.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum ErrorCode {
    /// No token, or one that proves nothing.
    Unauthenticated,
    /// This role may never do this, whatever the record.
    Forbidden,
    /// The request is malformed; retrying it unchanged cannot help.
    BadUserInput,
    /// Missing and out of scope alike: the two must not be told apart.
    NotFound,
    /// The same idempotency key came with another input.
    Conflict,
    /// A bound on size, depth or count was passed; `extensions.limit` says which.
    LimitExceeded,
    /// Too many requests in too short a time.
    RateLimited,
    /// A cursor older than what is retained.
    CursorExpired,
    /// A persisted operation that this server does not know.
    PersistedQueryNotFound,
    /// The request's wall time is used up.
    Timeout,
    /// The exchange cannot answer now; retry later.
    Unavailable,
    /// A defect of the exchange; the request id finds it in the log.
    Internal,
}

impl ErrorCode {
    /// The wire form, SCREAMING_CASE.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Unauthenticated => "UNAUTHENTICATED",
            Self::Forbidden => "FORBIDDEN",
            Self::BadUserInput => "BAD_USER_INPUT",
            Self::NotFound => "NOT_FOUND",
            Self::Conflict => "CONFLICT",
            Self::LimitExceeded => "LIMIT_EXCEEDED",
            Self::RateLimited => "RATE_LIMITED",
            Self::CursorExpired => "CURSOR_EXPIRED",
            Self::PersistedQueryNotFound => "PERSISTED_QUERY_NOT_FOUND",
            Self::Timeout => "TIMEOUT",
            Self::Unavailable => "UNAVAILABLE",
            Self::Internal => "INTERNAL",
        }
    }
}

/// The language of messages to people, chosen by `Accept-Language`; codes never change with it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Locale {
    /// Simplified Chinese, the default.
    #[default]
    ZhCn,
    /// English.
    En,
}

impl Locale {
    /// The first of Chinese or English that `Accept-Language` prefers; Chinese when it names neither.
    #[must_use]
    pub fn from_accept_language(header: Option<&str>) -> Self {
        let mut best = (Self::ZhCn, 0.0_f32);
        for part in header.unwrap_or_default().split(',') {
            let mut pieces = part.trim().split(';');
            let tag = pieces.next().unwrap_or_default().to_ascii_lowercase();
            let weight = pieces
                .find_map(|p| p.trim().strip_prefix("q=")?.parse::<f32>().ok())
                .unwrap_or(1.0);
            let locale = match tag.split('-').next() {
                Some("zh") => Self::ZhCn,
                Some("en") => Self::En,
                _ => continue,
            };
            if weight > best.1 {
                best = (locale, weight);
            }
        }
        best.0
    }
}

/// A sentence for callers, in both languages of the exchange. Never holds personal data.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Text {
    zh: Cow<'static, str>,
    en: Cow<'static, str>,
}

impl Text {
    /// One sentence in Chinese and English, each saying what to do.
    pub fn new(zh: impl Into<Cow<'static, str>>, en: impl Into<Cow<'static, str>>) -> Self {
        Self {
            zh: zh.into(),
            en: en.into(),
        }
    }

    /// As [`Text::new`], of a sentence that never varies.
    #[must_use]
    pub const fn fixed(zh: &'static str, en: &'static str) -> Self {
        Self {
            zh: Cow::Borrowed(zh),
            en: Cow::Borrowed(en),
        }
    }

    /// The sentence in one language.
    #[must_use]
    pub fn in_locale(&self, locale: Locale) -> &str {
        match locale {
            Locale::ZhCn => &self.zh,
            Locale::En => &self.en,
        }
    }
}

/// How loud an expected outcome is in the operator's log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Severity {
    /// Part of daily work.
    Info,
    /// Worth a look when it repeats.
    Warning,
}

/// A business outcome other than success: each capability's `error.rs` has one enum of them.
pub trait Rejection: fmt::Debug {
    /// Stable SCREAMING_CASE code, unique within the capability.
    fn code(&self) -> &'static str;
    /// How it is logged.
    fn severity(&self) -> Severity {
        Severity::Info
    }
    /// What the caller reads.
    fn text(&self) -> Text;
}

/// An expected outcome as it reaches a mutation's payload.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UserError {
    /// Path to the input field that caused it, e.g. `["input", "residentId"]`; empty when none did.
    pub field: Vec<String>,
    /// The [`Rejection::code`].
    pub code: &'static str,
    /// The message in both languages.
    pub text: Text,
}

impl UserError {
    /// Points a rejection at the input field it is about.
    pub fn at(path: &[&str], rejection: &dyn Rejection) -> Self {
        Self {
            field: path.iter().map(ToString::to_string).collect(),
            code: rejection.code(),
            text: rejection.text(),
        }
    }
}

/// What ends a request. `Display` is for the operator's log; callers get [`Failure::text`].
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// Nobody is logged in where somebody must be.
    #[error("unauthenticated")]
    Unauthenticated,
    /// The role may never do this.
    #[error("forbidden: {action}")]
    Forbidden {
        /// The policy action that was asked for.
        action: &'static str,
    },
    /// Missing or out of scope.
    #[error("not found")]
    NotFound,
    /// Malformed input.
    #[error("bad input: {}", .0.in_locale(Locale::En))]
    BadInput(Text),
    /// An idempotency key reused with another input.
    #[error("conflict: {}", .0.in_locale(Locale::En))]
    Conflict(Text),
    /// A bound was passed.
    #[error("limit {limit}: {found} > {bound}")]
    Limit {
        /// Name of the limit as in `extensions.limit`.
        limit: &'static str,
        /// The bound in force.
        bound: u64,
        /// The value found.
        found: u64,
    },
    /// Lost a race against another transaction; the unit of work retries it a few times.
    #[error("contended: {0}")]
    Contended(String),
    /// Busy, or a dependency is away.
    #[error("unavailable: {0}")]
    Unavailable(String),
    /// A defect; the source chain goes to the log only.
    #[error("internal: {0}")]
    Internal(#[source] Box<dyn StdError + Send + Sync>),
}

impl Failure {
    /// Wraps an unexpected error; its text is for the log only.
    pub fn internal(source: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        Self::Internal(source.into())
    }

    /// The code that the caller's program reads.
    #[must_use]
    pub const fn code(&self) -> ErrorCode {
        match self {
            Self::Unauthenticated => ErrorCode::Unauthenticated,
            Self::Forbidden { .. } => ErrorCode::Forbidden,
            Self::NotFound => ErrorCode::NotFound,
            Self::BadInput(_) => ErrorCode::BadUserInput,
            Self::Conflict(_) => ErrorCode::Conflict,
            Self::Limit { .. } => ErrorCode::LimitExceeded,
            Self::Contended(_) | Self::Unavailable(_) => ErrorCode::Unavailable,
            Self::Internal(_) => ErrorCode::Internal,
        }
    }

    /// The sentence that the caller reads: what to do, and nothing of the inside.
    #[must_use]
    pub fn text(&self) -> Text {
        match self {
            Self::Unauthenticated => Text::new(
                "请在 Authorization 请求头中提供有效令牌。",
                "Send a valid token in the Authorization header.",
            ),
            Self::Forbidden { .. } => {
                Text::new("您的角色无权进行此操作。", "Your role may not do this.")
            }
            Self::NotFound => Text::new(
                "未找到该记录，或不在您的权限范围内。",
                "There is no such record within your reach.",
            ),
            Self::BadInput(text) | Self::Conflict(text) => text.clone(),
            Self::Limit {
                limit,
                bound,
                found,
            } => Text::new(
                format!("超出限制 {limit}：上限 {bound}，实际 {found}。请缩小请求。"),
                format!(
                    "Limit {limit} exceeded: at most {bound}, found {found}. Make the request smaller."
                ),
            ),
            Self::Contended(_) | Self::Unavailable(_) => Text::new(
                "服务暂时不可用，请稍后重试。",
                "The exchange cannot answer now. Try again later.",
            ),
            Self::Internal(_) => Text::new(
                "系统内部错误，请将请求编号提供给管理员。",
                "Something failed inside the exchange. Give the request id to its operator.",
            ),
        }
    }
}

/// What a use case answers when it does not succeed: an expected outcome, or a failure.
#[derive(Debug)]
pub enum Refusal {
    /// Goes to `userErrors`; nothing was written.
    Expected(Vec<UserError>),
    /// Goes to the top-level `errors`.
    Failed(Failure),
}

impl From<UserError> for Refusal {
    fn from(error: UserError) -> Self {
        Self::Expected(vec![error])
    }
}

impl From<Failure> for Refusal {
    fn from(failure: Failure) -> Self {
        Self::Failed(failure)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_highest_weight_language_wins_and_chinese_is_the_default() {
        for (header, expected) in [
            (None, Locale::ZhCn),
            (Some("fr, de;q=0.7"), Locale::ZhCn),
            (Some("en"), Locale::En),
            (Some("zh-CN;q=0.4, en-GB;q=0.9"), Locale::En),
            (Some("en;q=0.4, zh;q=0.9"), Locale::ZhCn),
        ] {
            assert_eq!(Locale::from_accept_language(header), expected, "{header:?}");
        }
    }

    #[test]
    fn internal_context_never_reaches_the_callers_text() {
        let failure = Failure::internal("connection string with a password");
        for locale in [Locale::ZhCn, Locale::En] {
            assert!(!failure.text().in_locale(locale).contains("password"));
        }
        assert_eq!(failure.code().as_str(), "INTERNAL");
    }
}

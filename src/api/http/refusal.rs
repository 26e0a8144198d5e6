//! Why a request gets no data, and the status code that says so.

use actix_web::http::StatusCode;
use async_graphql::parser::{Error as SyntaxError, Pos};

use crate::kernel::error::{ErrorCode, Failure, Text};
use crate::kernel::unreadable::Misread;

/// The end of a request that was not executed, or not to its end.
#[derive(Debug)]
pub(super) struct Refusal {
    pub(super) stage: Stage,
    pub(super) cause: Cause,
    /// Where in the document, if the document is at fault.
    pub(super) locations: Vec<Pos>,
    /// The methods that would have been answered, for a 405.
    pub(super) allow: Option<&'static str>,
}

/// How far the request came.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stage {
    /// Not a well-formed GraphQL-over-HTTP request, or one this server could not finish: the
    /// status stands for both media types.
    Transport(StatusCode),
    /// Well-formed, but refused before execution: 400, or 200 as `application/json`.
    Document,
}

/// What the caller's program reads.
#[derive(Debug)]
pub(super) enum Cause {
    /// One of the exchange's own failures.
    Failure(Failure),
    /// A value of an argument or a variable that is not of its type. Its path begins with their name.
    Misread(Misread),
    /// An outcome that only a transport has.
    Coded(ErrorCode, Text),
}

impl Cause {
    pub(super) const fn code(&self) -> ErrorCode {
        match self {
            Self::Failure(failure) => failure.code(),
            Self::Misread(_) => ErrorCode::BadUserInput,
            Self::Coded(code, _) => *code,
        }
    }
}

impl Refusal {
    fn transport(status: StatusCode, code: ErrorCode, text: Text) -> Self {
        Self {
            stage: Stage::Transport(status),
            cause: Cause::Coded(code, text),
            locations: Vec::new(),
            allow: None,
        }
    }

    fn bad(status: StatusCode, zh: &'static str, en: &'static str) -> Self {
        Self::transport(status, ErrorCode::BadUserInput, Text::new(zh, en))
    }

    /// A document that is refused before execution.
    pub(super) fn document(zh: &'static str, en: &'static str) -> Self {
        Failure::BadInput(Text::new(zh, en)).into()
    }

    /// The parser's own message repeats the lines of the document, so only the place is kept.
    pub(super) fn syntax(error: &SyntaxError) -> Self {
        Self {
            locations: error.positions().collect(),
            ..Self::document(
                "GraphQL 文档有语法错误。",
                "The document is not valid GraphQL.",
            )
        }
    }

    /// The value itself is not repeated in the answer.
    pub(super) fn misread(misread: Misread, at: Pos) -> Self {
        Self {
            stage: Stage::Document,
            cause: Cause::Misread(misread),
            locations: vec![at],
            allow: None,
        }
    }

    pub(super) fn not_acceptable() -> Self {
        Self::bad(
            StatusCode::NOT_ACCEPTABLE,
            "请接受 application/graphql-response+json 或 application/json（UTF-8）。",
            "Accept application/graphql-response+json or application/json in UTF-8.",
        )
    }

    pub(super) fn unsupported_media_type() -> Self {
        Self::bad(
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            "请以 application/json（UTF-8，不压缩）发送请求。",
            "Send the request as application/json in UTF-8, not compressed.",
        )
    }

    pub(super) fn method_not_allowed(allow: &'static str) -> Self {
        Self {
            allow: Some(allow),
            ..Self::bad(
                StatusCode::METHOD_NOT_ALLOWED,
                "此地址不支持该方法。",
                "This address does not answer that method.",
            )
        }
    }

    pub(super) fn only_queries_over_get() -> Self {
        Self {
            allow: Some("POST"),
            ..Self::bad(
                StatusCode::METHOD_NOT_ALLOWED,
                "GET 只能用于查询，其他操作请使用 POST。",
                "GET is for queries only. Send this operation with POST.",
            )
        }
    }

    pub(super) fn no_such_address() -> Self {
        Self::transport(
            StatusCode::NOT_FOUND,
            ErrorCode::NotFound,
            Text::new(
                "没有这个地址；请将 GraphQL 请求发送到 /graphql。",
                "There is no such address. Send GraphQL requests to /graphql.",
            ),
        )
    }

    pub(super) fn personal_number_in_address() -> Self {
        Self::bad(
            StatusCode::BAD_REQUEST,
            "网址中不得包含身份证号、手机号或银行账号，请改用 POST。",
            "An address must not hold a resident id, phone number or bank account. Use POST.",
        )
    }

    pub(super) fn malformed(zh: &'static str, en: &'static str) -> Self {
        Self::bad(StatusCode::BAD_REQUEST, zh, en)
    }

    pub(super) fn body_too_large(bound: u64, found: u64) -> Self {
        let failure = Failure::Limit {
            limit: "bodyBytes",
            bound,
            found,
        };
        Self {
            stage: Stage::Transport(StatusCode::PAYLOAD_TOO_LARGE),
            ..failure.into()
        }
    }

    pub(super) fn slow_body() -> Self {
        Self::transport(
            StatusCode::REQUEST_TIMEOUT,
            ErrorCode::Timeout,
            Text::new(
                "请求内容未在限时内到达。",
                "The request's body did not arrive in time.",
            ),
        )
    }

    pub(super) fn too_long() -> Self {
        Self::transport(
            StatusCode::GATEWAY_TIMEOUT,
            ErrorCode::Timeout,
            Text::new(
                "处理超时。变更可能已经生效，请用同一个 idempotencyKey 重试。",
                "Out of time. A mutation may have taken effect: \
                 repeat it with the same idempotencyKey.",
            ),
        )
    }

    pub(super) fn unauthenticated() -> Self {
        Self::transport(
            StatusCode::UNAUTHORIZED,
            ErrorCode::Unauthenticated,
            Text::new(
                "访问令牌无效或已过期，请重新登录。",
                "The access token is not valid. Sign in again.",
            ),
        )
    }

    pub(super) fn unavailable(cause: &'static str) -> Self {
        Self {
            stage: Stage::Transport(StatusCode::SERVICE_UNAVAILABLE),
            ..Failure::Unavailable(cause.to_owned()).into()
        }
    }

    pub(super) fn panicked() -> Self {
        Self {
            stage: Stage::Transport(StatusCode::INTERNAL_SERVER_ERROR),
            ..Failure::internal("a resolver panicked").into()
        }
    }
}

/// A failure found in the document before it was executed.
impl From<Failure> for Refusal {
    fn from(failure: Failure) -> Self {
        Self {
            stage: Stage::Document,
            cause: Cause::Failure(failure),
            locations: Vec::new(),
            allow: None,
        }
    }
}

//! `exchange token`: one token of the embedded issuer.

use std::process::ExitCode;
use std::time::Duration;

use clap::builder::{PossibleValuesParser, TypedValueParser as _};

use super::error::CommandError;
use super::instant::parse_span;
use super::{Setting, open, output};
use crate::kernel::clock::Clock;
use crate::kernel::closed::Closed as _;
use crate::kernel::credit_code::CreditCode;
use crate::kernel::ids::{self, IdSource, WorkerId};
use crate::kernel::region_code::RegionCode;
use crate::platform::authn::{Agency, Issuer, Role, TokenRequest, WallClock};
use crate::platform::config::Config;
use crate::platform::crypto::{KeyUse, Keys};

#[derive(clap::Args)]
pub(super) struct Args {
    /// Whom the token is for
    #[arg(long, ignore_case = true, value_parser = roles())]
    role: Role,
    /// 12-digit division: needed by officers and helpers, allowed for agencies
    #[arg(long, value_parser = parse_region)]
    region: Option<RegionCode>,
    /// Unified social credit code: needed by employers
    #[arg(long, value_parser = parse_credit_code)]
    credit_code: Option<CreditCode>,
    /// Needed by agencies
    #[arg(long, ignore_case = true, value_parser = agencies())]
    agency: Option<Agency>,
    /// The id of the person's record: needed by workers
    #[arg(long, value_parser = parse_worker)]
    worker: Option<WorkerId>,
    /// The subject, which tells holders of a role apart [default: the role in lower case]
    #[arg(long)]
    sub: Option<String>,
    /// How long it is valid, such as 30m, 12h or 7d
    #[arg(long, default_value = "12h", value_parser = parse_span)]
    ttl: Duration,
}

pub(super) fn run(setting: &Setting, args: Args) -> Result<ExitCode, CommandError> {
    let config = setting.load()?;
    let keys = open::keys(&config)?;
    refuse_useless(&config, &keys)?;
    let Args {
        role,
        region,
        credit_code,
        agency,
        worker,
        sub,
        ttl,
    } = args;
    let request = TokenRequest {
        role,
        region,
        credit_code,
        agency,
        worker,
        subject: sub.unwrap_or_else(|| role.as_str().to_ascii_lowercase()),
        ttl,
    };
    let ids = IdSource::new(Clock::system());
    let issuer = Issuer::new(&config.auth, keys.signing.clone(), WallClock::system(), ids);
    output::print(&format!("{}\n", issuer.issue(&request)?))?;
    Ok(ExitCode::SUCCESS)
}

/// A token that no server of this configuration accepts would only puzzle. The demo switches its
/// issuer on by itself.
fn refuse_useless(config: &Config, keys: &Keys) -> Result<(), CommandError> {
    if config.auth.jwks_url.is_some() {
        return Err(CommandError::refused(
            "tokens come from the issuer behind auth.jwks_url, not from the exchange",
        ));
    }
    if !config.auth.embedded && keys.made_for() == KeyUse::Production {
        return Err(CommandError::refused(
            "auth.embedded is off, so `exchange serve` would not accept this token; set \
             EXCHANGE_AUTH__EMBEDDED=true for both",
        ));
    }
    Ok(())
}

fn roles() -> impl clap::builder::TypedValueParser<Value = Role> {
    PossibleValuesParser::new(Role::VALUES.iter().map(|role| role.as_str()))
        .try_map(|text| Role::parse(&text.to_ascii_uppercase()).ok_or("not a role"))
}

fn agencies() -> impl clap::builder::TypedValueParser<Value = Agency> {
    PossibleValuesParser::new(Agency::VALUES.iter().map(|agency| agency.as_str()))
        .try_map(|text| Agency::parse(&text.to_ascii_uppercase()).ok_or("not an agency"))
}

fn parse_region(text: &str) -> Result<RegionCode, String> {
    RegionCode::parse(text).map_err(|error| error.to_string())
}

fn parse_credit_code(text: &str) -> Result<CreditCode, String> {
    CreditCode::parse(text).map_err(|error| error.to_string())
}

fn parse_worker(text: &str) -> Result<WorkerId, String> {
    ids::decode(text).map_err(|error| error.to_string())
}

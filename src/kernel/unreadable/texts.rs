//! What to do about a value that could not be read.

use crate::kernel::error::Text;

pub(super) const MISSING: Text =
    Text::fixed("请填写此必填项。", "A required value is missing; give it.");

pub(super) const BAD_CHECK_DIGIT: Text = Text::fixed(
    "身份证号码校验位错误，请核对证件。",
    "The check digit of the resident id is wrong. Compare with the card.",
);

pub(super) const BAD_BIRTH_DATE: Text = Text::fixed(
    "身份证号码中的出生日期无效，请核对证件。",
    "The birth date in the resident id does not exist or lies in the future. Compare with \
         the card.",
);

pub(super) const MANGLED_BY_SPREADSHEET: Text = Text::fixed(
    "号码已被电子表格改写，请将该列设为文本后重新录入。",
    "A spreadsheet has mangled the number. Format the column as text and enter it again.",
);

pub(super) const MALFORMED: Text = Text::fixed(
    "身份证号码应为18位（或旧15位），请核对证件。",
    "A resident id has 18 characters, or 15 in its old form. Compare with the card.",
);

pub(super) const BAD_PHONE: Text = Text::fixed(
    "电话号码无效，请填写11位手机号或带区号的固定电话。",
    "This is not a phone number. Give a mobile number of 11 digits, or a landline with its \
         area code.",
);

pub(super) const BAD_BANK_ACCOUNT: Text = Text::fixed(
    "银行账号应为12至19位数字，请核对银行卡或存折。",
    "A bank account has 12 to 19 digits. Compare with the card or passbook.",
);

pub(super) const BAD_CREDIT_CODE: Text = Text::fixed(
    "统一社会信用代码应为18位且校验位相符，请核对营业执照。",
    "A credit code has 18 characters with a check character that fits. Compare with the \
         licence.",
);

pub(super) const BAD_AMOUNT: Text = Text::fixed(
    "金额无效，请填写以元为单位、最多两位小数的数字。",
    "This is not an amount. Give yuan with at most two decimal places.",
);

pub(super) const BAD_DATE: Text = Text::fixed(
    "日期应写作 YYYY-MM-DD，年份在 1900 至 2200 之间。",
    "A date is written YYYY-MM-DD, its year from 1900 to 2200.",
);

pub(super) const BAD_DATE_TIME: Text = Text::fixed(
    "时间应按 RFC 3339 书写，如 2026-11-30T08:00:00Z。",
    "An instant is written as in RFC 3339, such as 2026-11-30T08:00:00Z.",
);

pub(super) const BAD_YEAR_MONTH: Text =
    Text::fixed("月份应写作 YYYY-MM。", "A month is written YYYY-MM.");

pub(super) const BAD_REGION_CODE: Text =
    Text::fixed("行政区划代码应为12位数字。", "A region code has 12 digits.");

pub(super) const BAD_POSITION: Text = Text::fixed(
    "日志位置应为从 1 起的整数。",
    "A place in the journal is a whole number from 1 upwards.",
);

pub(super) const BAD_RECORD_ID: Text = Text::fixed(
    "该标识不是此类记录的标识，请使用本系统返回的 id。",
    "This is not the id of such a record; use the ids that this exchange returns.",
);

pub(super) const BAD_VALUE: Text = Text::fixed(
    "该值不符合接口定义的类型，请对照接口文档检查。",
    "The value does not fit its type. Check it against the schema.",
);

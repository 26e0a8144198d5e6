//! What callers read when a request about a job was not carried out.

use crate::kernel::error::Text;

// The person.

pub(super) const ONE_PERSON_PLEASE: Text = Text::fixed(
    "请在 residentId 与 workerId 中恰好给出一个。",
    "Give exactly one of residentId and workerId.",
);

pub(super) const NOT_FOUND: Text = Text::fixed(
    "未找到该人员，或不在您的权限范围内，请核对。",
    "There is no such person within your reach; check the id.",
);

// The employer.

pub(super) const UNKNOWN_EMPLOYER: Text = Text::fixed(
    "该单位未登记，请先登记用人单位。",
    "This employer is not registered; register it first.",
);

pub(super) const BAD_NAME: Text = Text::fixed(
    "单位名称须为 1 到 200 个字符，且不含控制字符、乱码（\u{FFFD}）、身份证号码、手机号码或银行账号。",
    "A name has 1 to 200 characters, no control characters, no \u{FFFD} and no number of a person.",
);

pub(super) const EMPLOYER_NOT_ALLOWED: Text = Text::fixed(
    "自主经营和灵活就业不填写用人单位。",
    "Own business and flexible work have no employer; leave it out.",
);

pub(super) const HOST_IS_EMPLOYER: Text = Text::fixed(
    "用工单位不能与用人单位相同。",
    "The hosting unit must differ from the employer that signs.",
);

pub(super) const NOT_THE_EMPLOYER: Text = Text::fixed(
    "用人单位只能办理本单位签约人员的事项。",
    "An employer acts for its own jobs only.",
);

pub(super) const EMPLOYER_KNOWN: Text = Text::fixed(
    "该记录已关联用人单位；如有误，请作废后重新登记。",
    "The record names a registered employer; if it is wrong, void it and record anew.",
);

// What the job is.

pub(super) const BAD_TEXT: Text = Text::fixed(
    "文字须为 1 到 200 个字符，且不含控制字符或乱码（\u{FFFD}）。",
    "The text must have 1 to 200 characters, no control characters and no \u{FFFD}.",
);

pub(super) const BAD_WAGE: Text = Text::fixed(
    "月工资须大于零，请核对。",
    "A monthly wage is above nothing; check it.",
);

pub(super) const UNKNOWN_REGION: Text = Text::fixed(
    "本省没有该行政区划，或该区划已撤销，请核对代码。",
    "The province has no such division in force; check its code.",
);

pub(super) const WORKPLACE_TOO_WIDE: Text = Text::fixed(
    "务工地须精确到县（区）或更低一级。",
    "Give the workplace as a county or a division within one.",
);

// Days and terms.

pub(super) const DATE_IN_FUTURE: Text =
    Text::fixed("日期不能晚于今天。", "The date must not lie after today.");

pub(super) const DATE_TOO_EARLY: Text = Text::fixed(
    "日期不能早于 1930 年，请核对年份。",
    "The day must not lie before 1930; check the year.",
);

pub(super) const DATE_BEFORE_BIRTH: Text = Text::fixed(
    "日期不能早于此人的出生日期，请核对年份和身份证号码；如待确认的报告有误，请作废。",
    "The day must not lie before the person's birth; check the year and the resident id, and void a \
     report that is wrong.",
);

pub(super) const DATE_TOO_LATE: Text = Text::fixed(
    "合同起始日期须在今后 5 年以内，终止日期须在今后 50 年以内，请核对年份；无固定期限的合同不填终止日期。",
    "A contract begins within 5 years from today and ends within 50; check the year, and leave the \
     end out of an open-ended one.",
);

pub(super) const CONTRACT_ENDS_BEFORE_JOB: Text = Text::fixed(
    "合同终止日期不能早于入职日期，请更正其中之一。",
    "The contract ends before the first day of work; correct one of the two days.",
);

pub(super) const BAD_PERIOD: Text = Text::fixed(
    "合同终止日期不能早于起始日期。",
    "The contract ends before it begins; correct one of the two days.",
);

pub(super) const END_BEFORE_START: Text = Text::fixed(
    "离职日期不能早于入职日期。",
    "The job cannot end before its first day; correct the day.",
);

pub(super) const TERM_NOT_LATER: Text = Text::fixed(
    "续签合同的起始日期须晚于上一期。",
    "A further term begins after the latest one began.",
);

pub(super) const PERSON_DECEASED: Text = Text::fixed(
    "此人已登记死亡，该工作不能在其后开始或延续；请登记离职，如系误报请先撤销死亡记录。",
    "This person is on record as dead: no job begins or goes on after that. End the job, or have the \
     death taken back if that is wrong.",
);

// How far the record has come.

pub(super) const NOT_REPORTED: Text = Text::fixed(
    "该记录不是待确认的报告，请查看其当前状态。",
    "The record is no report that waits for a decision. Look at its present state.",
);

pub(super) const NOT_CONFIRMED: Text = Text::fixed(
    "该务工记录尚未确认，请先由户籍地确认。",
    "The job is only reported; the origin has to confirm it first.",
);

pub(super) const ALREADY_ENDED: Text = Text::fixed(
    "该务工记录已终止；如再次入职，请登记新的记录。",
    "The job has ended already. Record a new one if the person was hired again.",
);

pub(super) const ALREADY_VOIDED: Text = Text::fixed(
    "该务工记录已作废；如确有其事，请重新登记。",
    "The job was voided as recorded by mistake. Record it anew if it was real.",
);

pub(super) const NOT_RECORDING_SIDE: Text = Text::fixed(
    "此项不由本地办理：作废由户籍地县（区）办理（经参保确认的，就业地县（区）也可），其他由户籍地或就业地县（区）办理，请联系对方。",
    "This is another county's to decide: the county of origin voids a job, and that of work too what \
     insurance confirmed; the rest is for either of them. Ask them.",
);

pub(super) const STALE_VERSION: Text = Text::fixed(
    "记录已被他人更新，请查看当前记录后重试。",
    "The record has changed since. Look at the current record and try again.",
);

pub(super) const ALREADY_CONFIRMED: Text = Text::fixed(
    "同一工作已有确认记录；如本条为重复上报，请作废本条。",
    "A confirmed record of this job exists; void this report if it repeats it.",
);

pub(super) const NOT_COUNTYS_DECISION: Text = Text::fixed(
    "该务工记录由参保月份或本人报告确认，不是县（区）的决定，不能退回；如属误登，请作废。",
    "This job counts on a month of insurance or on the person's report, not on a county's \
     decision; it cannot be returned. If it is a mistake, void it.",
);

pub(super) const PERSONAL_NUMBER: Text = Text::fixed(
    "文字中疑似含有身份证号码、手机号码或银行账号，请删去后重试。",
    "The text holds what looks like a resident id, phone or account number; leave it out.",
);

//! What callers read when a request about a person or household was not carried out.

use crate::kernel::error::Text;

// Who somebody is.

pub(super) const REGISTERED_HERE: Text = Text::fixed(
    "此人已登记，请在现有记录上办理。",
    "This person is registered already. Work on the record that exists.",
);

pub(super) const IDENTITY_NOT_CONFIRMED: Text = Text::fixed(
    "无法确认身份证号码与姓名相符，请核对证件后联系省级管理员。",
    "Resident id and name could not be confirmed. Check the card, then ask the province.",
);

pub(super) const DISCLOSURE_QUOTA_USED: Text = Text::fixed(
    "今日查重次数已用完，今日不再登记人员或更正身份证号，与本号码无关；请由其他经办人员办理，或明日再办。",
    "Today's quota of registration checks is used up: nobody is registered and no resident id corrected \
     any more today, whatever the id. Let another officer do it, or go on tomorrow.",
);

pub(super) const UNDER_WORKING_AGE: Text = Text::fixed(
    "未满16周岁，不能登记为劳动者，请核对身份证号码。",
    "Under 16 years of age; not to be registered as a worker. Check the resident id.",
);

// Where.

pub(super) const UNKNOWN_REGION: Text = Text::fixed(
    "没有该行政区划，或其级别不符；请核对代码，户籍地须为县级以下的现行区划。",
    "There is no such region in force, or it is too wide. Check the code; a household is registered in a county or a division within one.",
);

pub(super) const HOUSEHOLD_NUMBER_TAKEN: Text = Text::fixed(
    "本县已有相同户编号，请在该户上办理或换用其他编号。",
    "The county has a household with this number already. Work on that one, or give another number.",
);

// Dates.

pub(super) const DATE_IN_FUTURE: Text =
    Text::fixed("日期不能晚于今天。", "The date must not lie after today.");

pub(super) const DATE_TOO_EARLY: Text = Text::fixed(
    "日期过早，请核对年份。",
    "The date lies too far back; check the year.",
);

pub(super) const DATE_BEFORE_BIRTH: Text = Text::fixed(
    "日期不能早于出生日期。",
    "The date must not lie before the person's birth.",
);

pub(super) const BEFORE_PRESENT_HELPER: Text = Text::fixed(
    "日期须晚于现任帮扶人的开始日期。",
    "The date must lie after the first day of the present helper.",
);

pub(super) const PERSON_DECEASED: Text = Text::fixed(
    "此人已登记死亡，不能再办理此项；如系误报，请先撤销死亡记录。",
    "This person is on record as dead, so that this cannot be. If that is wrong, have the death \
     taken back first.",
);

// What is kept in the trail.

pub(super) const BAD_PURPOSE: Text = Text::fixed(
    "用途须为 5 到 200 个字符，且不含个人号码。",
    "The purpose must have 5 to 200 characters and name no number of a person.",
);

pub(super) const PERSONAL_NUMBER: Text = Text::fixed(
    "所写文字会长期保留，请勿写入身份证号、电话或银行账号。",
    "What is written here stays for good: leave out resident ids, phone numbers and accounts.",
);

// What the caller may do now.

pub(super) const STALE_VERSION: Text = Text::fixed(
    "记录已被他人更新，请查看当前记录后重试。",
    "The record has changed since. Look at the current record and try again.",
);

pub(super) const ORIGIN_DECIDES: Text = Text::fixed(
    "此项由户籍地办理，您只能查看该记录；请联系其户籍地县（区）。",
    "Only where somebody is registered may do this; you may look at the record. Ask the county of \
     origin.",
);

pub(super) const FIELD_NOT_ALLOWED: Text = Text::fixed(
    "您的角色不能填写或查看此项。",
    "This field is not for your role to give or to see.",
);

pub(super) const ALREADY_VOIDED: Text = Text::fixed(
    "该记录此前已撤销。",
    "This statement was taken back before.",
);

pub(super) const SECOND_PERSON_REQUIRED: Text = Text::fixed(
    "死亡记录须由登记人以外的另一人撤销。",
    "Somebody other than whoever recorded a death must take it back.",
);

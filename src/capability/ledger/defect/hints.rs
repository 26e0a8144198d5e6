//! What to do about each defect of a row, as the report says it.

use crate::kernel::error::Text;

// The row.

pub(super) const UNCLOSED_QUOTE: Text = Text::fixed(
    "引号只有开头没有结尾，请删去或补全。",
    "A quotation mark opens and nothing closes it: delete or close it.",
);

pub(super) const ROW_TOO_LONG: Text = Text::fixed(
    "行过长，请检查换行。",
    "Too long for a row: check the line breaks.",
);

pub(super) const MORE_CELLS: Text = Text::fixed(
    "内容多于表头，可能错位，请核对本行。",
    "More values than columns, so the row may be shifted: check it.",
);

pub(super) const FEWER_CELLS: Text = Text::fixed(
    "列数少于表头，请核对本行。",
    "Fewer cells than columns: check the row.",
);

pub(super) const WITHOUT_HEADER: Text = Text::fixed(
    "该列没有表头，未录入。",
    "The column has no header; the value stays out.",
);

// The person.

pub(super) const DUPLICATE_IN_FILE: Text =
    Text::fixed("与前面的行重复。", "Repeats an earlier row.");

pub(super) const PERSONAL_NUMBER: Text = Text::fixed(
    "户编号是身份证号码，不予保存，已改用系统生成的户编号。",
    "The household's number is a resident id, which is not kept as one: it got a number of the \
     exchange's own.",
);

pub(super) const UNDER_WORKING_AGE: Text = Text::fixed(
    "未满16周岁，不予登记。",
    "Under 16: not registered as a worker.",
);

pub(super) const ALREADY_REGISTERED: Text = Text::fixed(
    "已由其他县登记，请联系该县。",
    "Registered by another county: contact it.",
);

pub(super) const IDENTITY_NOT_CONFIRMED: Text = Text::fixed(
    "无法确认号码与姓名相符，请核对证件。",
    "Id and name could not be confirmed: compare with the card.",
);

pub(super) const CONVERTED_FROM_15DIGITS: Text =
    Text::fixed("15位号码已换算为18位。", "Converted from 15 digits to 18.");

pub(super) const UNKNOWN_ID_PREFIX: Text = Text::fixed(
    "身份证号码前六位不在现行区划表中，请留意。",
    "The first six digits are in no table in force; have a look.",
);

// The household.

pub(super) const UNKNOWN_REGION: Text = Text::fixed(
    "没有该行政区划，请核对代码。",
    "There is no such region; check its code.",
);

pub(super) const UNKNOWN_CATEGORY: Text = Text::fixed(
    "类别须为：脱贫户、脱贫不稳定户、边缘易致贫户、突发严重困难户。",
    "Give one of the four categories of the registry.",
);

pub(super) const CONFLICTING_CATEGORY: Text = Text::fixed(
    "同一户有两种类别，请核对。",
    "One household with two categories: check which holds.",
);

// The employer.

pub(super) const BAD_CREDIT_CODE: Text = Text::fixed(
    "统一社会信用代码无效，单位名称已按文字保留。",
    "Not a valid credit code; the employer is kept by name.",
);

pub(super) const EMPLOYER_UNRESOLVED: Text = Text::fixed(
    "缺少信用代码，单位名称已按文字保留，请补正。",
    "No credit code; the employer is kept by name until somebody resolves it.",
);

// Values that stay out; the person goes in without them.

pub(super) const BAD_AMOUNT: Text = Text::fixed(
    "金额无效，工资未录入。",
    "Not an amount; the wage stays out.",
);

pub(super) const BAD_DATE: Text =
    Text::fixed("日期无效，该项未录入。", "Not a date; the value stays out.");

pub(super) const JOB_NOT_GIVEN: Text = Text::fixed(
    "未提供务工地、单位和开始时间，未录入务工记录；请补充后重新导入。",
    "Neither workplace, employer nor first day is given; no job was recorded. Give them and import again.",
);

pub(super) const JOB_CONTRADICTED: Text = Text::fixed(
    "务工状态为“否”，却填有务工信息，未录入该务工记录；请核对以哪一项为准。",
    "The row says that the person does not work and gives a job; the job stayed out. Check which holds.",
);

pub(super) const LEFT_TO_COUNTY: Text = Text::fixed(
    "该务工记录曾被作废或退回，未录入；请由县级在档案上确认。",
    "This job was voided or sent back; it stayed out. The county confirms it on the record.",
);

pub(super) const OTHER_FIRST_DAY: Text = Text::fixed(
    "本人在该单位另有一条开始日期不同、尚未结束的务工记录；如为更正日期，请结束或作废原记录。",
    "Another job at this employer goes on with another first day: if the day was corrected, end or void that one.",
);

pub(super) const AFTER_DEATH: Text = Text::fixed(
    "登记的死亡日期早于务工开始日期：请核实本人情况和日期；该务工记录未导入。",
    "The recorded death is before the first day of the job: check the person and the date; the job stayed out.",
);

pub(super) const DATE_IN_FUTURE: Text = Text::fixed(
    "日期晚于今天，该项未录入。",
    "The date lies after today; the value stays out.",
);

pub(super) const BAD_PHONE: Text = Text::fixed(
    "电话号码无效，未录入。",
    "Not a phone number; it stays out.",
);

pub(super) const UNKNOWN_VALUE: Text =
    Text::fixed("无法识别，该项未录入。", "Not a known value; it stays out.");

pub(super) const DIFFERS_FROM_RECORD: Text = Text::fixed(
    "与现有档案不一致，未录入；如有变化，请在档案上更新。",
    "The record says otherwise and stays as it is; update the record if things changed.",
);

pub(super) const DIFFERS_IN_HOUSEHOLD: Text = Text::fixed(
    "与同户前面的行不一致，未录入；请核对以哪一项为准。",
    "An earlier row of the household says otherwise; this stays out. Check which holds.",
);

pub(super) const DAY_OF_IMPORT: Text = Text::fixed(
    "未填认定日期，已按导入当日登记；请在档案上更正。",
    "No first day of the category is given; the day of import was recorded. Correct it on the record.",
);

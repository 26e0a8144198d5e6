//! Names of people and units, from small lists: nobody real is meant.

use super::Dice;

const FAMILY: [&str; 24] = [
    "王", "李", "张", "刘", "陈", "杨", "赵", "黄", "周", "吴", "徐", "孙", "胡", "朱", "高", "林",
    "何", "郭", "马", "罗", "梁", "宋", "郑", "谢",
];
const GIVEN: [&str; 32] = [
    "伟", "芳", "娜", "敏", "静", "丽", "强", "磊", "军", "洋", "勇", "艳", "杰", "娟", "涛", "明",
    "超", "秀兰", "霞", "平", "刚", "桂英", "文", "玲", "建国", "建华", "国强", "春梅", "小红",
    "志强", "晓东", "海燕",
];
const PLACES: [&str; 8] = [
    "云川", "清泉", "南泽", "柳江", "平湖", "杏花", "长青", "松岭",
];
const WORDS: [&str; 12] = [
    "恒源", "兴达", "众合", "同心", "永丰", "瑞安", "嘉禾", "汇通", "福临", "华茂", "泰和", "新程",
];
const TRADES: [&str; 8] = [
    "服装", "电子", "食品", "家具", "建筑", "物流", "农业", "餐饮",
];
/// Names of units in other provinces: known by name only, so no real unit's code is met.
const OUTSIDE: [&str; 6] = [
    "海潮电子厂",
    "东湾制衣厂",
    "滨江物流部",
    "同兴建筑队",
    "百味餐饮店",
    "金港玩具厂",
];
const TITLES: [&str; 10] = [
    "普工",
    "缝纫工",
    "装配工",
    "建筑工",
    "厨工",
    "保洁员",
    "保安员",
    "司机",
    "快递员",
    "护工",
];

/// A family name: members of a household share one more often than not.
pub(super) fn family(dice: &mut Dice) -> &'static str {
    dice.one(&FAMILY)
}

/// A person's name.
pub(super) fn person(dice: &mut Dice, family: &str) -> String {
    format!("{family}{}", dice.one(&GIVEN))
}

/// An employer's name with the ending of its kind.
pub(super) fn employer(dice: &mut Dice, ending: &str) -> String {
    let (place, word, trade) = (dice.one(&PLACES), dice.one(&WORDS), dice.one(&TRADES));
    format!("{place}{word}{trade}{ending}")
}

/// A unit in another province.
pub(super) fn outside(dice: &mut Dice) -> String {
    dice.one(&OUTSIDE).to_owned()
}

/// What somebody does.
pub(super) fn title(dice: &mut Dice) -> &'static str {
    dice.one(&TITLES)
}

"""The audit programme the demo's buyer has made for itself: a day on site, on labour, safety and permits."""

import msgspec

from assessments.audits.document import Checkpoint, Kind, Programme, read_programme

OWN = "aozora-site-check"
TITLE = {
    "en": "Aozora site check",
    "ja": "あおぞら現場確認",
    "zh-hans": "Aozora 现场检查",
    "th": "การตรวจสถานประกอบการของ Aozora",
}
NOTE = {
    "en": "Our own check of one day: labour, safety, permits and training. It replaces no audit of a scheme.",
    "ja": "労働、安全、許認可、教育訓練を一日で確認する当社独自の手順です。認証制度の監査に代わるものではありません。",
    "zh-hans": "本公司自行制定的一日检查，内容为劳工、安全、许可和培训，不代替任何认证审核。",
    "th": "การตรวจหนึ่งวันของบริษัทเอง เรื่องแรงงาน ความปลอดภัย ใบอนุญาต และการอบรม ไม่ทดแทนการตรวจรับรองใด",
}
KIND = {"en": "Site check", "ja": "現場確認", "zh-hans": "现场检查", "th": "การตรวจสถานประกอบการ"}
SECTIONS = ("A", "B", "C")
MORE = ("E6", "E8")


def build_own() -> Programme:
    """Return the programme: the standard one with fewer checkpoints, valid for a year."""
    standard = read_programme("rba-vap-style")
    wanted = [point for point in standard.points if point.provision[0] in SECTIONS or point.provision in MORE]
    return msgspec.structs.replace(
        standard,
        code=OWN,
        title=TITLE,
        note=NOTE,
        kinds=(Kind("initial", KIND, validity_months=12),),
        checkpoints=tuple(Checkpoint(point.code, point.title, point.provision) for point in wanted),
        recognition=(),
    )

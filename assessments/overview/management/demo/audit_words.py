"""What the demo's auditors write, and what its sites answer. Plainly fictional, in the writer's own language."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Seen:
    """A nonconformity as an auditor writes it down."""

    text: str
    data_points: tuple[str, str, str]
    law: str = ""
    root_cause: str = ""


@dataclass(frozen=True)
class Plan:
    """What a site means to do about it."""

    containment: str
    root_cause: str
    corrective: str
    preventive: str


NONCONFORMITIES: dict[str, Seen] = {
    "hours": Seen(
        "In 9 of 12 weeks sampled, people in the moulding shop worked over 60 hours. The longest week had 71.",
        (
            "Time records of 25 workers, March, July and October",
            "Payroll of the same months: overtime paid matches the time records",
            "Interviews with 14 workers: Saturday is a working day from June to October",
        ),
        "Labour Law of the PRC, article 41: overtime of at most 36 hours a month",
        "Orders are promised before the shift plan is looked at.",
    ),
    "hours_peak": Seen(
        "Before the autumn delivery 31 of 160 workers worked more than 84 hours in a week, the longest 88.5.",
        (
            "Time records of 30 workers for weeks 36 to 41",
            "Gate records of the same weeks: people left after 22:00",
            "Interviews with 18 workers: nobody could say no",
        ),
        "Labour Law of the PRC, articles 41 and 43",
        "One line carries the whole peak; no second crew is trained on it.",
    ),
    "rest": Seen(
        "Four maintenance workers worked more than six days in a row, at most nine.",
        (
            "Time records of 22 workers, last 12 months",
            "Shift plan of the maintenance crew",
            "Interview with the four workers and their foreman",
        ),
        "Labour Law of the PRC, article 38: at least one day of rest a week",
        "Repairs are done on Sundays, by the same four people.",
    ),
    "drill": Seen(
        "The night shift has not taken part in a fire drill in the last two years.",
        (
            "Drill records of two years: all drills were held at 10:00",
            "Interviews with 8 workers of the night shift",
            "Walk through building B: the second exit was not known to two of them",
        ),
        "Fire Protection Law of the PRC, article 16: regular drills",
        "The safety officer works in the day shift only.",
    ),
    "drill_record": Seen(
        "Drills are held, but no record says how long the evacuation took and who was missing.",
        (
            "Drill records of two years",
            "Interview with the safety officer",
            "Photos of the last drill on the notice board",
        ),
    ),
    "training": Seen(
        "There is no training plan for this year. 12 of 20 workers sampled had no training on the code yet.",
        (
            "Training files of 20 workers",
            "Interview with the head of personnel",
            "Induction slides: they do not speak of hours, fees or complaints",
        ),
        "",
        "The training plan was the work of one person, who left in spring.",
    ),
    "training_agency": Seen(
        "Dispatched workers start without the induction the site's own workers get.",
        (
            "Training files of 10 dispatched workers: 7 are empty",
            "Contract with the agency: it does not name the training",
            "Interviews with 6 dispatched workers",
        ),
    ),
    "permit": Seen(
        "The discharge permit of the plating shop ran out five months ago. Its renewal had been asked for too late.",
        (
            "Discharge permit with its date",
            "Letter of the authority on the late application",
            "Measurements of the last four quarters: all values within the old limits",
        ),
        "Regulation on pollutant discharge permits (2021), article 14: renewal 60 days before the end",
        "Nobody is told when a permit runs out.",
    ),
    "guard": Seen(
        "Two of six presses run with the light curtain bridged.",
        (
            "Walk through the press shop, presses 3 and 5",
            "Maintenance log: the curtains were bridged in May",
            "Interview with two operators",
        ),
        "Industrial Safety and Health Act, article 20",
        "A curtain that trips too often stops the line; bridging it was the quick way.",
    ),
    "conditions": Seen(
        "The contracts of three technical intern trainees exist in Japanese only.",
        (
            "Contracts of all nine trainees",
            "Interviews with five trainees, with an interpreter",
            "Talk with the supervising organisation by telephone",
        ),
        "Labour Standards Act, article 15",
    ),
    "notice": Seen(
        "Safety notices in the paint shop are in Japanese only, while eleven people there read Vietnamese.",
        (
            "Walk through the paint shop",
            "List of workers with their first language",
            "Interviews with four workers of the paint shop",
        ),
    ),
    "chemicals": Seen(
        "Solvent is decanted into drinking bottles without a label.",
        (
            "Walk through the printing room: four bottles",
            "Safety data sheets: they exist, in the office",
            "Interviews with three operators",
        ),
        "Ministerial regulation on hazardous chemicals, B.E. 2556",
        "The right bottles are locked up in the store.",
    ),
    "complaints": Seen(
        "The complaint box is opened once a quarter, and nobody hears what became of a complaint.",
        (
            "Register of complaints: 3 entries in two years",
            "Interviews with 12 workers: 9 did not know what happens to a complaint",
            "Complaint procedure, version 2",
        ),
    ),
    "fees": Seen(
        "Eighteen migrant workers paid between 380 and 620 US dollars to an agent in their country to get the job.",
        (
            "Interviews with 18 of 41 migrant workers",
            "Receipts shown by six of them",
            "Contract with the agency: it forbids fees, nobody checked",
        ),
        "",
        "The agency uses agents of its own whom the site has never met.",
    ),
    "payslip": Seen(
        "Pay slips show one sum for overtime; workers cannot see the hours or the rate behind it.",
        (
            "Pay slips of 20 workers, three months",
            "Interviews with 18 workers in their own language",
            "Talk with the head of payroll",
        ),
        "Employment Regulations 1957, regulation 9",
        "The payroll program prints what it was set to print in 2009.",
    ),
    "dormitory": Seen(
        "Rooms for eight people are used by ten.",
        (
            "Walk through the dormitory, rooms 2-04 and 2-07",
            "Room list of this month",
            "Interviews with seven residents",
        ),
        "Act 446, minimum standards of housing",
    ),
}

# What an auditor notes where all is well, by section of the code.
CONFORMING: dict[str, tuple[str, str, str]] = {
    "A": (
        "Personnel files of 20 workers",
        "Interviews with 14 workers, alone and in groups",
        "Payroll and time records of three months",
    ),
    "B": (
        "Walk through all buildings with the safety officer",
        "Permits, inspection reports and measurements of the last year",
        "Interviews with operators at their place of work",
    ),
    "C": (
        "Permits and the register of emissions",
        "Walk through the waste store and the water treatment",
        "Bills and measurements of the last four quarters",
    ),
    "D": (
        "Policy and the signed statements of the buyers' office",
        "Interview with the head of purchasing",
        "Register of gifts and of reported concerns",
    ),
    "E": (
        "Management review of this year",
        "Interview with the site manager",
        "Records of training, communication and internal audits",
    ),
}

PLANS: dict[tuple[str, str], Plan] = {
    ("hours", "zh-hans"): Plan(
        "自下周起，任何人每周工时不得超过 60 小时；超出的订单由第二班组承担。",
        "接单时没有核对排班，旺季只靠加班完成。",
        "接单前由生产计划部核对工时余量；招聘并培训 24 名注塑工，组成第三班。",
        "每周一向厂长报告工时；接近 58 小时系统自动提醒班长。",
    ),
    ("hours_peak", "zh-hans"): Plan(
        "立即停止该线周日生产；超过 60 小时的人员安排补休。",
        "只有一条线能做该产品，没有培训第二班人员。",
        "再开一条线并培训 40 人；交期已与客户重新商定。",
        "每月预测产能，超过八成即与客户协商交期。",
    ),
    ("rest", "zh-hans"): Plan(
        "四名维修工本周起轮休，每七天至少休息一天。",
        "维修总在周日，由同样四人完成。",
        "培训两名替补维修工，周日维修轮流进行。",
        "排班表由人事部每周核对，连续六天以上不予批准。",
    ),
    ("drill", "zh-hans"): Plan(
        "本月内为夜班补做一次消防演练。",
        "安全员只上白班，夜班没有负责人。",
        "为夜班任命安全员并培训；每半年每个班次演练一次。",
        "年度演练计划按班次列出，由厂长每季度检查。",
    ),
    ("drill_record", "zh-hans"): Plan(
        "补写最近一次演练的记录。",
        "记录表没有时间和人数栏。",
        "采用新的记录表，写明疏散时间、到场和缺席人数。",
        "安全委员会每次演练后审阅记录。",
    ),
    ("training", "zh-hans"): Plan(
        "两周内为 12 名未受训员工补训。",
        "培训计划由一人负责，其离职后无人接手。",
        "编写全年培训计划，内容包括工时、费用和申诉；由两人共同负责。",
        "每季度向管理层报告完成率，低于九成须说明原因。",
    ),
    ("training_agency", "zh-hans"): Plan(
        "派遣工上岗前一天先参加入职培训。",
        "与派遣公司的合同没有写明培训。",
        "修改合同，派遣工与正式员工接受同样的培训。",
        "门卫系统只给已受训人员发卡。",
    ),
    ("permit", "zh-hans"): Plan(
        "停止电镀线排放，废水交由有资质的公司处理，直到新证发下。",
        "没有人负责记录许可证的到期日。",
        "已递交续期申请，并取得新的排污许可证。",
        "建立许可证台账，到期前 180 天和 90 天提醒两名负责人。",
    ),
    ("guard", "ja"): Plan(
        "3号機と5号機を停止し、光線式安全装置を復旧しました。",
        "誤検知で設備が止まるため、短絡して使っていました。",
        "安全装置の位置を見直し、誤検知の原因となる反射板を交換します。",
        "始業前点検に安全装置の確認を加え、短絡には鍵と部長の承認を必要とします。",
    ),
    ("conditions", "ja"): Plan(
        "技能実習生3名に通訳を付けて契約内容を説明しました。",
        "母国語の契約書を作る手順がありませんでした。",
        "9名全員の労働条件通知書を母国語と日本語の併記にします。",
        "受け入れ時のチェックリストに母国語の契約書を加えます。",
    ),
    ("notice", "ja"): Plan(
        "塗装場の主な掲示にベトナム語の訳を貼りました。",
        "掲示を作るときに読む人の言語を確認していませんでした。",
        "すべての安全掲示を日本語、ベトナム語、やさしい日本語にします。",
        "掲示の更新時に、安全衛生委員会で言語を確認します。",
    ),
    ("chemicals", "th"): Plan(
        "เก็บขวดที่ไม่มีฉลากทั้งหมดและหยุดแบ่งสารด้วยขวดน้ำดื่มทันที",
        "ขวดที่ถูกต้องอยู่ในคลังที่ล็อก พนักงานกะดึกเข้าไม่ได้",
        "วางขวดพร้อมฉลากไว้ทุกจุดที่ใช้สาร และอบรมพนักงานทุกกะ",
        "หัวหน้ากะตรวจทุกวัน และเจ้าหน้าที่ความปลอดภัยตรวจทุกสัปดาห์",
    ),
    ("complaints", "th"): Plan(
        "เปิดกล่องรับเรื่องร้องเรียนทุกสัปดาห์",
        "ไม่มีผู้รับผิดชอบในการแจ้งผล",
        "ตั้งคณะกรรมการร่วมกับตัวแทนลูกจ้าง ตอบทุกเรื่องภายใน 14 วัน",
        "ติดประกาศผลทุกเดือนโดยไม่เปิดเผยชื่อผู้ร้อง",
    ),
    ("fees", "en"): Plan(
        "No new workers are taken from this agency. The 18 workers were told that they will be paid back.",
        "We relied on the clause in the contract and never asked the workers.",
        "All fees are paid back with the next three wages; every worker is asked about fees on arrival.",
        "Agencies are visited in the country of recruitment before the contract and once a year.",
    ),
    ("payslip", "en"): Plan(
        "Workers can ask payroll for the hours behind the sum from today; a notice says so in four languages.",
        "The print-out was never looked at from a worker's side.",
        "From the next pay day the slip shows normal hours, overtime hours and the rate of each.",
        "Two workers' representatives look at the slip whenever it changes.",
    ),
    ("complaints", "en"): Plan(
        "The box is opened every Friday.",
        "Nobody was named to answer.",
        "A committee with two elected workers answers within 14 days.",
        "Answers hang beside the box, without names.",
    ),
    ("dormitory", "en"): Plan(
        "Four workers moved to free rooms on the third floor.",
        "The room list was not changed when two rooms were repaired.",
        "A second house with 40 beds is rented from next quarter.",
        "The room list is checked against the standard every month.",
    ),
}
NO_ACTION = {
    "zh-hans": "该车间将于三月底关闭，派遣合同同日终止，不再使用派遣工。",
    "en": "The shop closes at the end of March; no dispatched workers are taken after that.",
}
DISPUTES = {
    "zh-hans": "演练记录中有时间和人数，附在第二份文件夹中，审核时没有出示。请查看附件。",
    "en": "Time and number of people are in the second folder, which was not shown on site. Please look at it.",
}
FINISHED = {
    "zh-hans": "措施已完成，照片和记录见附件。",
    "ja": "対策を完了しました。写真と記録を添付します。",
    "th": "ดำเนินการเสร็จแล้ว แนบภาพถ่ายและบันทึก",
    "en": "This is done; a photo and the record are attached.",
}
LATER = {
    "zh-hans": "第三班的招聘比预期慢，已到岗 15 人，请延长两个月。",
    "th": "ตู้เก็บสารที่สั่งไว้จะส่งช้ากว่ากำหนดสองเดือน ขอขยายเวลา",
    "en": "The third crew takes longer than we thought; 15 of 24 people have come.",
}
TALK = {
    "ask": "Please attach the records of the last four weeks when you finish this.",
    "zh-hans": "好的，我们会在下周一上传。",
    "ja": "承知しました。来週月曜日に添付します。",
    "th": "รับทราบ จะแนบภายในวันจันทร์หน้า",
    "en": "We will attach them on Monday.",
}
FEEDBACK = {
    "zh-hans": "夜班也有一次演练，记录由保安公司保管，已补交。",
    "ja": "指摘の内容に相違ありません。",
    "th": "ข้อเท็จจริงถูกต้องตามที่ระบุ",
    "en": "The facts are right. The second exit has been marked since.",
}
REASONS = {
    "reject": "The plan mends three contracts. Please say how the next trainees get one they can read.",
    "collaborative": "Orders of several buyers come in the same months. We work on the peaks together; no date is set.",
    "send_back": "Receipts of six workers are still missing. Please add them; the rest is fine.",
    "refuse_later": "Bottles with labels can be bought in any shop. The date stands.",
    "grant": "Granted, with a report on the crew every month.",
    "dismissed": "The manager confirmed by telephone that the certificate was renewed; the new one is on file.",
    "merged": "The auditors found the same on site; followed there.",
}
WHY = {
    "buyer": "The site has not been audited in the last two years, and its answers put it into a risk band we look at.",
    "site": "Our second customer asks for an audit as well; one report can serve both.",
    "closure": "To see on site that the findings of the last audit are mended.",
}
SCOPE = "All buildings of the site, with dormitory and canteen, and the dispatched workers."
NO_MINERALS = "The site buys no material with tin, tantalum, tungsten, gold or cobalt."
REPLY = "Thank you. The sentence was changed; the conclusion stands."

"""Own questions of the demo's buyer after the standard ones: a draft, not translated everywhere yet."""

from assessments.questionnaires.document import parse_extension
from assessments.questionnaires.models import QuestionnaireVersion
from assessments.questionnaires.queries import document_of
from assessments.questionnaires.services import store_document
from portal.accounts.models import User
from suppliers.organisations.models import Organisation

SOURCE = {
    "code": "aozora-facility",
    "version": "1.0",
    "title": {"en": "Facility self-assessment with questions of Aozora", "ja": "工場の自己評価（青空電機の質問つき）"},
    "sections": [
        {
            "code": "X1",
            "title": {"en": "Working with Aozora", "ja": "青空電機との取引"},
            "questions": [
                {
                    "code": "X1-CASCADE",
                    "kind": "percentage",
                    "text": {
                        "en": "What share of your own suppliers of parts for Aozora has signed our code of conduct?",
                        "ja": "青空電機向け部品のサプライヤーのうち、当社の行動規範に署名した会社は何％ですか。",
                    },
                    "guidance": {
                        "en": "Count companies, not purchases.",
                        "ja": "購入額ではなく、会社の数で数えてください。",
                    },
                    "why": {"en": "Provision E12. Our promise to customers reaches your suppliers too."},
                    "provision": "E12",
                    "asks": ["practice", "record"],
                    "weight": 2,
                    "period": "on_date",
                    "score": {"steps": [{"up_to": 49, "points": 0}, {"up_to": 89, "points": 0.5}, {"points": 1}]},
                },
                {
                    "code": "X1-RUSH-ORDERS",
                    "kind": "yes_no",
                    "text": {"en": "In the last 12 months, did a late change of our orders cause overtime?"},
                    "guidance": {"en": "Answer yes if it happened once. The answer does not change your score."},
                    "why": {"en": "Provision A3. We want to know where our own planning causes long hours."},
                    "provision": "A3",
                    "asks": ["practice"],
                },
            ],
        }
    ],
    "flags": [
        {
            "code": "X1-ORDERS-CAUSE-HOURS",
            "provision": "A3",
            "severity": "minor",
            "when": {
                "all": [
                    {"question": "X1-RUSH-ORDERS", "is": "yes"},
                    {"question": "A3-LONGEST-WEEK", "over": 60},
                ]
            },
            "text": {"en": "Late changes of our orders came with a week of {A3-LONGEST-WEEK} hours."},
            "advice": {"en": "Tell your contact at Aozora which orders changed. We look at our planning together."},
            "fires": [{"X1-RUSH-ORDERS": "yes", "A3-LONGEST-WEEK": 61}],
            "quiet": [{"X1-RUSH-ORDERS": "no", "A3-LONGEST-WEEK": 61}],
        }
    ],
}


def add_own_questions(base: QuestionnaireVersion, owner: Organisation, actor: User) -> QuestionnaireVersion:
    """Return the draft of the buyer's own questionnaire: the standard one and these questions after it."""
    return store_document(parse_extension(document_of(base), SOURCE), owner=owner, actor=actor, base=base)

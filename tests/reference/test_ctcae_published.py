"""Grades of CTCAE v5.0 at the limits that are printed.

Source: NCI Common Terminology Criteria for Adverse Events v5.0, 27 November 2017. The printed text was read in
pharmaverse/admiral, data-raw/adlb_grading/ncictcaev5.json (Apache-2.0), which quotes it term by term. Lactate
dehydrogenase is not in that file: its one grade, > ULN, is recalled.
"""

from decimal import Decimal

import pytest

from firstbreath.safety.ctcae import TERMS, grade_value
from firstbreath.safety.ranges import ReferenceRange

# term, unit, lower and upper limit of normal, then pairs of a value at or beside a printed limit and its grade
PRINTED = [
    ("Alanine aminotransferase increased", "U/L", "9 50", "50:0 50.1:1 150:1 150.1:2 250:2 250.1:3 1000:3 1000.1:4"),
    ("Aspartate aminotransferase increased", "U/L", "9 40", "40:0 40.1:1 120:1 120.1:2 200:2 200.1:3 800:3 801:4"),
    ("Alkaline phosphatase increased", "U/L", "40 100", "100:0 101:1 250:1 251:2 500:2 501:3 2000:3 2001:4"),
    ("GGT increased", "U/L", "0 60", "60:0 61:1 150:1 151:2 300:2 301:3 600:3 601:3 1200:3 1201:4"),
    ("Blood bilirubin increased", "umol/L", "0 20", "20:0 21:1 30:1 31:2 60:2 61:3 200:3 201:4"),
    ("Blood lactate dehydrogenase increased", "U/L", "120 250", "250:0 251:1 9000:1"),
    ("Creatinine increased", "umol/L", "57 100", "100:0 101:1 150:1 151:2 300:2 301:3 600:3 601:4"),
    ("CPK increased", "U/L", "0 200", "200:0 201:1 500:1 501:2 1000:2 1001:3 2000:3 2001:4"),
    ("White blood cell decreased", "10⁹/L", "3.5 9.5", "3.5:0 3.4:1 3.0:1 2.9:2 2.0:2 1.9:3 1.0:3 0.9:4"),
    ("Lymphocyte count decreased", "10⁹/L", "1.1 3.2", "1.1:0 1.0:1 0.8:1 0.79:2 0.5:2 0.49:3 0.2:3 0.19:4"),
    ("Neutrophil count decreased", "10^9/L", "1.8 6.3", "1.8:0 1.7:1 1.5:1 1.4:2 1.0:2 0.9:3 0.5:3 0.4:4"),
    ("Platelet count decreased", "10⁹/L", "125 350", "125:0 124:1 75:1 74:2 50:2 49:3 25:3 24:4"),
    ("Anemia", "g/L", "130 175", "130:0 129:1 100:1 99:2 80:2 79:3 10:3"),
    ("Anemia", "g/dL", "13 17.5", "13:0 12.9:1 10:1 9.9:2 8:2 7.9:3"),
    ("Anemia", "mmol/L", "8 11", "8:0 7.9:1 6.2:1 6.1:2 4.9:2 4.8:3"),
    ("Hyperkalemia", "mmol/L", "3.5 5.1", "5.1:0 5.2:1 5.5:1 5.6:2 6.0:2 6.1:3 7.0:3 7.1:4"),
    ("Hypokalemia", "mmol/L", "3.5 5.1", "3.5:0 3.4:1 3.0:1 2.9:3 2.5:3 2.4:4"),
    ("Hypernatremia", "mmol/L", "137 147", "147:0 148:1 150:1 151:2 155:2 156:3 160:3 161:4"),
    ("Hyponatremia", "mmol/L", "137 147", "137:0 136:1 130:1 129:2 125:2 124:3 120:3 119:4"),
    ("Hypoalbuminemia", "g/L", "40 55", "40:0 39:1 30:1 29:2 20:2 19:3"),
    ("Hypoalbuminemia", "g/dL", "4 5.5", "4:0 3.9:1 3:1 2.9:2 2:2 1.9:3"),
    ("INR increased", "", "0.8 1.1", "1.2:0 1.3:1 1.5:1 1.6:2 2.5:2 2.6:3"),
]
# The same where the baseline was abnormal: ULN 50, baseline 100.
ABNORMAL = [
    ("Alanine aminotransferase increased", "149:0 150:1 300:1 301:2 500:2 501:3 2000:3 2001:4"),
    ("Aspartate aminotransferase increased", "149:0 150:1 300:1 301:2 500:2 501:3 2000:3 2001:4"),
    ("Alkaline phosphatase increased", "199:0 200:1 250:1 251:2 500:2 501:3 2000:3 2001:4"),
    ("GGT increased", "199:0 200:1 250:1 251:2 500:2 501:3 2000:3 2001:4"),
    ("Blood bilirubin increased", "100:0 101:1 150:1 151:2 300:2 301:3 1000:3 1001:4"),
]


def graded(name, unit, limits, value, baseline=None):
    low, high = map(Decimal, limits.split())
    base = Decimal(baseline) if baseline else None
    found = grade_value(TERMS[name], Decimal(value), unit=unit, limits=ReferenceRange(low, high), baseline=base)
    return found.grade


@pytest.mark.parametrize(("name", "unit", "limits", "pairs"), PRINTED)
def test_grades_change_where_they_are_printed_to(name, unit, limits, pairs):
    wrong = [
        pair for pair in pairs.split() if f"{graded(name, unit, limits, pair.split(':')[0])}" != pair.split(":")[1]
    ]
    assert wrong == []


@pytest.mark.parametrize(("name", "pairs"), ABNORMAL)
def test_abnormal_baseline_is_what_counts_when_there_was_one(name, pairs):
    found = [f"{v}:{graded(name, 'U/L', '0 50', v, '100')}" for v in (pair.split(":")[0] for pair in pairs.split())]
    assert found == pairs.split()


def test_creatinine_is_graded_by_the_worse_of_limit_and_baseline():
    # "> 1.5 - 3.0 x baseline; > 1.5 - 3.0 x ULN" and "> 3.0 baseline; > 3.0 - 6.0 x ULN"
    assert graded("Creatinine increased", "umol/L", "57 100", "61", "40") == 2
    assert graded("Creatinine increased", "umol/L", "57 100", "121", "40") == 3
    assert graded("Creatinine increased", "umol/L", "57 100", "601", "500") == 4


def test_every_term_the_protocol_may_name_is_in_the_table():
    from typing import get_args

    from firstbreath.protocol.values_forms import CtcaeTerm

    assert set(get_args(CtcaeTerm)) == TERMS.keys()

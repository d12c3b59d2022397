"""A protocol folder small enough to read, with one of everything; and what is found when a part of it is changed."""

from firstbreath.protocol import Finding, Protocol, parse_protocol

PROTOCOL = """\
firstbreath = 1

[trial]
id = "SMALL"
title = "A small trial"
subjects_planned = 4

[product]
id = "mist"
name = "Mist"
unit = "vesicles"

[[doses]]
id = "daily"
amount = 2.0e8
unit = "vesicles"
volume_ml = 6
minutes = 30
at = 09:00:00
days = [1, 2]

[[arms]]
id = "A"
label = "Mist once a day"
dose = "daily"
subjects = 4

[consent]
version = "1.0"
given_by = ["patient"]
witnesses = 2

[[criteria]]
id = "I1"
kind = "inclusion"
number = 1
text = "Aged 18 to 75 years"
rule = "18 <= age <= 75"
source = "Table 1"

[[criteria]]
id = "I2"
kind = "inclusion"
number = 2
text = "Severe"
rule = 'severe or illness in ["Severe"]'
judged = true

[[criteria]]
id = "E1"
kind = "exclusion"
number = 1
text = "Allergic"
judged = true

[[derived]]
id = "severe"
text = "Fast breathing"
rule = "breaths >= 30"

[[gates]]
id = "G1"
guards = "enrol_subject"
text = "After the review of the one before"
groups = [1]

[[gates]]
id = "G2"
guards = "give_dose"
text = "After the skin test"
rule = "tested"

[[inhalation_events]]
id = "fever"
term = "Fever"

[[outcomes]]
id = "vital_signs"
kind = "primary"
text = "Vital signs"
measured_by = "vitals"

[[outcomes]]
id = "score"
kind = "secondary"
text = "CT score"
measured_by = "charter"

[[visits]]
id = "screening"
label = "Screening"
day = 0
screening = true

[[visits]]
id = "D1"
label = "Day 1"
day = 1

[[visits]]
id = "D2"
label = "Day 2"
day = 2
window = [0, 1]

[[visits]]
id = "later"
label = "Later"
silent = true
note = "The source gives no day."

[schedule]
grid = '''
           | screening  D1  D2  later
eligibility| X          .   .   .
vitals     | X          X   X   O
inhalation | .          X   X   .
imaging    | X          .   .   O
'''
"""

FORMS = """\
[[forms]]
id = "vitals"
title = "Vital signs"
repeats = true

[[forms.fields]]
id = "age"
label = "Age"
type = "integer"
unit = "years"
min = 0
max = 120
required = true
sdtm = "DM.AGE"

[[forms.fields]]
id = "illness"
label = "Class"
type = "choice"
choices = ["Mild", "Severe"]

[[forms.fields]]
id = "signs"
label = "Signs"
type = "choices"
choices = ["Fever", "Cough"]

[[forms.fields]]
id = "breaths"
label = "Breathing rate"
type = "decimal"
min = 0
max = 120

[[forms.fields]]
id = "tested"
label = "Skin test done"
type = "yesno"

[[forms.fields]]
id = "remark"
label = "Remark"
type = "text"

[[forms.fields]]
id = "onset"
label = "First symptom"
type = "date"

[[forms]]
id = "oxygen"
title = "Oxygen"

[[forms.fields]]
id = "device"
label = "Device"
type = "text"

[[forms.fields]]
id = "device_day"
label = "From day"
type = "integer"
"""

CHARTER = """\
[charter]
modality = "CT"
readers = 2
agreement = "consensus"
visits = ["screening", "later"]

[[charter.segments]]
id = "R1"
label = "apical"
lobe = "right upper"
side = "right"

[[charter.scores]]
points = 0
label = "none"
size = "no opacity"

[[charter.scores]]
points = 4
label = "segmental"
size = "more than half"
"""

ANALYSIS = """\
[analysis]
quantiles = 6

[[analysis.summaries]]
id = "age"
label = "Age"
statistic = "median_quartiles"
field = "age"
unit = "years"

[[analysis.summaries]]
id = "cough"
label = "Cough"
statistic = "count"
field = "signs"
where = '"Cough" in signs'

[[analysis.tables]]
id = "T1"
title = "Criteria"
kind = "criteria"

[[analysis.tables]]
id = "T2"
title = "Subjects"
kind = "subjects"
columns = [
    { field = "age", label = "Age" },
    { field = "illness", label = "Class" },
]

[[analysis.tables]]
id = "T4"
title = "Records"
kind = "records"
form = "vitals"
columns = [
    { field = "breaths", label = "Breaths" },
]

[[analysis.swimmers]]
id = "F1"
title = "Timeline"
origin = "first symptom"
admission = "age"
first_dose = "age"
oxygen = "device"
oxygen_day = "device_day"
follow_up_day = "age"

[[analysis.endpoints]]
id = "breathing"
label = "Breathing rate"
unit = "/min"
before = { field = "breaths", visit = "screening", record = "first" }
after = { field = "breaths", visit = "D2", where = 'illness == "Mild"' }
better = "lower"
lowest = 0
highest = 120
step = 0.5
test = "Wilcoxon signed-rank test"

[[analysis.endpoints]]
id = "score"
label = "CT score"
before = { charter = true, visit = "screening" }
after = { charter = true, visit = "later" }
better = "lower"

[[analysis.forests]]
id = "F2"
title = "Event rates"
summaries = ["cough"]
"""

FOLDER = {"protocol.toml": PROTOCOL, "forms.toml": FORMS, "charter.toml": CHARTER, "analysis.toml": ANALYSIS}


def changed(file: str, old: str, new: str) -> dict[str, str]:
    """The folder with one passage of one file replaced."""
    assert FOLDER[file].count(old) >= 1, old
    return FOLDER | {file: FOLDER[file].replace(old, new, 1)}


def found(folder: dict[str, str]) -> tuple[Finding, ...]:
    """Every finding of a folder."""
    protocol, findings = parse_protocol(folder)
    assert (protocol is None) == bool(findings)
    return findings


def parsed(folder: dict[str, str]) -> Protocol:
    """The protocol of a folder without findings."""
    protocol, findings = parse_protocol(folder)
    assert findings == ()
    assert protocol is not None
    return protocol

"""The small trial with a laboratory: ALT, sex and age as SDTM keeps them, vital signs before and after."""

from tests.support.small_trial import FILES

_FORM = """
[[forms]]
id = "lab"
title = "Laboratory"
repeats = true
[[forms.fields]]
id = "alt"
label = "ALT"
type = "decimal"
unit = "U/L"
min = 0
max = 9000
ctcae = ["Alanine aminotransferase increased"]
sdtm = "LB.LBORRES LBTESTCD=ALT"
[[forms.fields]]
id = "crp"
label = "C-reactive protein"
type = "decimal"
unit = "mg/L"
min = 0
max = 900
sdtm = "LB.LBORRES LBTESTCD=CRP"
"""
_DESIGN = FILES["protocol.toml"].replace(
    "demographics |     X      .   .   .\n",
    "demographics |     X      .   .   .\nlab          |     X      X   X   X\n",
)
_SIGNS = FILES["forms.toml"].replace(
    'label = "Oxygen saturation"\n', 'label = "Oxygen saturation"\nsdtm = "VS.VSORRES"\n'
)
LABORATORY = {"protocol.toml": _DESIGN, "forms.toml": _SIGNS + _FORM}

"""The charter of image reading and the analysis as people read them."""

from firstbreath.protocol.layout import render_columns
from firstbreath.protocol.values import Charter, Endpoint, Measured, Protocol, Summary, Table
from firstbreath.protocol.words import join_words, render_number, render_rule


def render_charter(protocol: Protocol) -> str:
    """Who reads what, the score, and the segments; nothing without a charter."""
    charter = protocol.charter
    if charter is None:
        return ""
    facts = [
        ("Images", f"{charter.modality} at {join_words(charter.visits)}"),
        ("Readers", f"{charter.readers}; where they differ: {charter.agreement}"),
        ("Blinded to", join_words(charter.blinded_to)),
        ("Lesions", f"{join_words(charter.lesion_forms)}; shape {join_words(charter.lesion_shapes)}"),
        ("Several lesions", SEVERAL[charter.several_lesions] + "; " + ACROSS[charter.across_segments]),
        ("Kernels", join_words(charter.kernels)),
        ("Windows", join_words(tuple(f"{w.label} {w.centre}/{w.width}" for w in charter.windows))),
        ("Hidden repeats", f"{charter.repeats_percent} % of the scans" if charter.repeats_percent else ""),
        ("Order", f"drawn for each reader; at least {charter.apart} between two scans of a patient"),
        ("Disagreement", _difference(charter)),
        ("Highest total", f"{charter.maximum} points over {len(charter.segments)} segments"),
        ("Source", charter.source),
    ]
    scores = [(str(score.points), score.label, score.size) for score in charter.scores]
    segments = [(segment.id, segment.lobe, segment.label) for segment in charter.segments]
    return "\n\n".join(
        (render_columns([row for row in facts if row[1]]), render_columns(scores), render_columns(segments))
    )


SEVERAL = {"largest": "the largest in a segment counts", "sum": "their diameters in a segment are added"}
ACROSS = {"each": "one that crosses counts in each segment", "main": "one that crosses counts where most of it is"}


def _difference(charter: Charter) -> str:
    points = f"{charter.differs_by} point{'s' if charter.differs_by > 1 else ''} or more in a segment"
    close = f"; of closer scores the {charter.close_scores} counts" if charter.differs_by > 1 else ""
    return points + (", or another form" if charter.differs_in_form else "") + close


def render_analysis(protocol: Protocol) -> str:
    """What is computed and printed."""
    analysis = protocol.analysis
    rows = [("Quartiles", "", f"Hyndman-Fan definition {analysis.quantiles}")]
    rows += [("Number", summary.id, _summary(summary)) for summary in analysis.summaries]
    rows += [("Table", table.id, _table(table)) for table in analysis.tables]
    rows += [("Figure", swimmer.id, f"{swimmer.title}, in days from {swimmer.origin}") for swimmer in analysis.swimmers]
    rows += [("Endpoint", endpoint.id, _endpoint(endpoint)) for endpoint in analysis.endpoints]
    rows += [
        ("Figure", forest.id, f"{forest.title}, the rates of {join_words(forest.summaries)}")
        for forest in analysis.forests
    ]
    return render_columns(rows)


def _endpoint(endpoint: Endpoint) -> str:
    """`CT score, points: ct_score at screening, then ct_score at after; lower is better; scale 0 to 72 by 1`."""
    unit = f", {endpoint.unit}" if endpoint.unit else ""
    limits = (endpoint.lowest, endpoint.highest)
    low, high = ("open" if limit is None else render_number(limit) for limit in limits)
    parts = [f"{endpoint.label}{unit}: {_measured(endpoint.before)}, then {_measured(endpoint.after)}"]
    parts.append(f"{endpoint.better} is better")
    if limits != (None, None):
        parts.append(f"scale {low} to {high}" + (f" by {render_number(endpoint.step)}" if endpoint.step else ""))
    parts.append(f"planned test: {endpoint.test}" if endpoint.test else "no test is planned")
    return "; ".join(parts)


def _measured(measured: Measured) -> str:
    first = "first " if measured.record == "first" else ""
    what = "the score of the charter" if measured.charter else f"{first}{measured.field}"
    where = f" where {render_rule(measured.where)}" if measured.where else ""
    return what + (f" at {measured.visit}" if measured.visit else "") + where


def _summary(summary: Summary) -> str:
    if summary.statistic == "count":
        return f"{summary.label}: how many with {render_rule(summary.where)}"
    return f"{summary.label}: median and quartiles of {summary.field}" + (f", {summary.unit}" if summary.unit else "")


def _table(table: Table) -> str:
    columns = ", ".join(column.label for column in table.columns)
    return f"{table.title}, by {table.kind}" + (f": {columns}" if columns else "")

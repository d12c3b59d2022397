"""The charter of image reading and the analysis as people read them."""

from firstbreath.protocol.layout import render_columns
from firstbreath.protocol.values import Protocol, Summary, Table
from firstbreath.protocol.words import join_words, render_rule


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
        ("Highest total", f"{charter.maximum} points over {len(charter.segments)} segments"),
        ("Source", charter.source),
    ]
    scores = [(str(score.points), score.label, score.size) for score in charter.scores]
    segments = [(segment.id, segment.lobe, segment.label) for segment in charter.segments]
    return "\n\n".join(
        (render_columns([row for row in facts if row[1]]), render_columns(scores), render_columns(segments))
    )


def render_analysis(protocol: Protocol) -> str:
    """What is computed and printed."""
    analysis = protocol.analysis
    rows = [("Quartiles", "", f"Hyndman-Fan definition {analysis.quantiles}")]
    rows += [("Number", summary.id, _summary(summary)) for summary in analysis.summaries]
    rows += [("Table", table.id, _table(table)) for table in analysis.tables]
    rows += [("Figure", swimmer.id, f"{swimmer.title}, in days from {swimmer.origin}") for swimmer in analysis.swimmers]
    return render_columns(rows)


def _summary(summary: Summary) -> str:
    if summary.statistic == "count":
        return f"{summary.label}: how many with {render_rule(summary.where)}"
    return f"{summary.label}: median and quartiles of {summary.field}" + (f", {summary.unit}" if summary.unit else "")


def _table(table: Table) -> str:
    columns = ", ".join(column.label for column in table.columns)
    return f"{table.title}, by {table.kind}" + (f": {columns}" if columns else "")

"""The addresses of the reading room."""

from django.urls import path

from firstbreath.web import converters  # noqa: F401 -- converters before addresses
from firstbreath.web.reading import (
    archive_copy,
    drawing,
    filing,
    images,
    importing,
    lungs,
    reports,
    results,
    scans,
    settling,
    work,
)

urlpatterns = [
    path("reading", work.show_list, name="reading"),
    path("reading/cases/<slug:code>", settling.show_case, name="reading-case"),
    path("reading/cases/<slug:code>/stack", images.send_case_stack, name="case-stack"),
    path("reading/cases/<slug:code>/slices/<int:number>", images.send_case_slice, name="case-slice"),
    path("reading/<slug:code>", work.show_task, name="reading-task"),
    path("reading/<slug:code>/draft", work.save_draft, name="draft-read"),
    path("reading/<slug:code>/sign", work.sign_read, name="sign-read"),
    path("reading/<slug:code>/stack", images.send_task_stack, name="task-stack"),
    path("reading/<slug:code>/slices/<int:number>", images.send_task_slice, name="task-slice"),
    path("reading/<slug:code>/void", work.void_read, name="void-read"),
    path("reading/lungs/<code:name>/sheet.png", lungs.send_sheet, name="lung-sheet"),
    path("reading/lungs/<code:name>", lungs.judge_mask, name="judge-mask"),
    path("scans", scans.show_scans, name="scans"),
    path("scans/archive", importing.import_scan, name="import-scan"),
    path("scans/file", filing.file_scan, name="file-scan"),
    path("scans/order", drawing.draw_order, name="draw-reading-order"),
    path("scans/readers", drawing.replace_reader, name="replace-reader"),
    path("scans/reads", results.show_reads, name="reads"),
    path("scans/unblind", drawing.unblind_reads, name="unblind-reads"),
    path("scans/<code:name>/stack", images.send_scan_stack, name="scan-stack"),
    path("scans/<code:name>/slices/<int:number>", images.send_scan_slice, name="scan-slice"),
    path("scans/<code:name>/report/<slug:which>.dcm", reports.send_report, name="scan-report"),
    path("scans/<code:name>/report/<slug:which>/store", reports.store_report, name="store-report"),
    path("scans/<code:name>/archive-copy", archive_copy.send_archive_copy, name="archive-copy"),
    path("scans/<code:name>/judge", scans.judge_scan, name="judge-scan"),
    path("scans/<code:name>", scans.show_scan, name="scan"),
]

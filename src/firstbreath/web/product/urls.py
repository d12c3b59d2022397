"""The addresses of the product."""

from django.urls import path

from firstbreath.web import converters  # noqa: F401 -- converters before addresses
from firstbreath.web.product import pages, papers, photographs, preparation, temperature
from firstbreath.web.product.acts import act_view
from firstbreath.web.product.forms import FORMS

OF_DOSE = "subjects/<code:code>/preparation/<int:day>"

urlpatterns = [
    path("product", pages.show_product, name="product"),
    path("product/affected", pages.show_affected, name="product-affected"),
    path("product/accountability", pages.send_accountability, name="accountability"),
    path("product/accountability.pdf", papers.send_accountability_log, name="accountability-log"),
    path("product/destroyed/<int:seq>.pdf", papers.send_destruction, name="destruction"),
    path("product/photographs/<int:seq>/<int:number>", photographs.show_photograph, name="receipt-photograph"),
    path("product/temperature", temperature.import_temperature, name="import-temperature"),
    *(
        path(f"product/do/{act.replace('_', '-')}", act_view(act), name=act.replace("_", "-"))
        for act in FORMS
    ),
    path("product/lots/<code:code>/labels.pdf", papers.send_lot_labels, name="lot-labels"),
    path("product/lots/<code:code>", pages.show_lot, name="product-lot"),
    path("product/shipments/<code:code>/labels.pdf", papers.send_shipment_labels, name="shipment-labels"),
    path("product/shipments/<code:code>", pages.show_shipment, name="product-shipment"),
    path("product/vials/<code:code>", pages.show_vial, name="product-vial"),
    path(f"{OF_DOSE}/made", preparation.prepare_dose, name="prepare-dose"),
    path(OF_DOSE, preparation.show_preparation, name="preparation"),
]  # fmt: skip

"""The product on the site: lots, shipments, vials, temperature, preparation."""

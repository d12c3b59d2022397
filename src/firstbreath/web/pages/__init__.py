"""What each page shows, as frozen values computed from the trial: no Django here, and nothing that writes."""

"""Whether a site was audited, by whom, under which programme, and what was found."""

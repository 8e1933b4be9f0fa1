"""Facts of audits for workbooks and PDFs, split by subject."""

"""Facts of findings and corrective actions for workbooks and PDFs, split by subject."""

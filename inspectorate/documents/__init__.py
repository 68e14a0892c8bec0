"""Papers in (uploads, spreadsheets) and papers out (letters, workbooks)."""

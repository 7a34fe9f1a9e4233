"""Issues and a period to text, docx and html."""

"""How things look: layout, form fields, macros, styles and charts."""

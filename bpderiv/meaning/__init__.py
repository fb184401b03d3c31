"""What a formula means: names, windows, indices and shapes. No letter of any text is known here."""

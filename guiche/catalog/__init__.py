"""What a customer may ask about and the forms to ask it with."""

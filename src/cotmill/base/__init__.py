"""The vocabulary that every stage speaks; imports nothing else of Cotmill."""
